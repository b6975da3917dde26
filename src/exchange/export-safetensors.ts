import { safetensorsParts } from '../formats/safetensors.js'
import { completed, type ExportedNetwork } from './exported-network.js'
import { packFacts } from './metadata.js'

/**
 * A network's weights as the parts of a safetensors file that PyTorch loads:
 * `model.load_state_dict(safetensors.torch.load_file(FILE))`. The tensors are the parameters alone, under torchvision's
 * names; layers, classes and preprocessing lie in the metadata. The parts share memory with the tensors given.
 *
 * @throws AlexNetError `incompatible-state` when the tensors are not those of the model.
 */
export function exportSafetensors(network: ExportedNetwork): Uint8Array[] {
  const { state, ...facts } = completed(network)
  // `format: pt` is what Hugging Face's own library writes for PyTorch.
  return safetensorsParts(state, { format: 'pt', ...packFacts(facts) })
}
