import { safetensorsParts } from '../formats/safetensors.js'
import { type Checkpoint, networkState } from '../runs/checkpoint.js'
import { packFacts } from './metadata.js'

/**
 * A network's weights as the parts of a safetensors file that PyTorch loads:
 * `model.load_state_dict(safetensors.torch.load_file(FILE))`. The tensors are the parameters alone, under torchvision's
 * names; layers, classes and preprocessing lie in the metadata. The parts share memory with the checkpoint.
 */
export function exportSafetensors(checkpoint: Pick<Checkpoint, 'model' | 'classes' | 'preprocessing' | 'state'>) {
  // `format: pt` is what Hugging Face's own library writes for PyTorch.
  return safetensorsParts(networkState(checkpoint.model, checkpoint.state), { format: 'pt', ...packFacts(checkpoint) })
}
