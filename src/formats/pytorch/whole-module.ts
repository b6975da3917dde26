import { AlexNetError } from '../../errors.js'
import { quoted } from '../quoted.js'

/** Of a file that holds Python objects where its weights should be: their classes are not there, so they mean nothing. */
export function wholeModule(name: string): AlexNetError {
  return new AlexNetError(
    'corrupt-data',
    `PyTorch file: it holds a whole pickled module, ${quoted(name)}, expected its weights`,
    'Save the weights alone: torch.save(model.state_dict(), FILE).',
  )
}
