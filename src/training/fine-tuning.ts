import type { Preprocessing } from '../data/preprocessing.js'
import { AlexNetError } from '../errors.js'
import { initialTensor } from '../models/initial-state.js'
import { type Model, parametersOf } from '../models/model.js'
import { replaceHead } from '../models/replace-head.js'
import { type Checkpoint, networkState } from '../runs/checkpoint.js'
import { formatShape, sameShape, type Tensors } from '../tensor.js'

/** What a training begins from when it does not begin from nothing. */
export interface FineTuning {
  readonly model: Model
  readonly state: Tensors
  /** The layer whose parameters are new; undefined: the classes are the same, and all were taken over. */
  readonly head?: string
}

/**
 * Prepares a trained network for other classes: its last layer is replaced and drawn anew, all else is kept. A network
 * for the same classes, in the same order, is kept as a whole.
 *
 * @param seed What the new layer is drawn from.
 * @throws AlexNetError `incompatible-state` when the network's last layer cannot be replaced.
 * @example const { model, state, head } = fineTune(await readCheckpoint('runs/torchvision'), ['cat', 'dog'], 1)
 */
export function fineTune(
  { model, classes: own, state }: Pick<Checkpoint, 'model' | 'classes' | 'state'>,
  classes: readonly string[],
  seed: number,
): FineTuning {
  const kept = networkState(model, state)
  if (own.length === classes.length && own.every((name, i) => name === classes[i])) return { model, state: kept }
  const { model: changed, head } = replaceHead(model, classes.length)
  const fresh = parametersOf(changed).filter(({ name }) => name.startsWith(`${head}.`))
  const drawn = Object.fromEntries(fresh.map((parameter) => [parameter.name, initialTensor(parameter, seed)]))
  return { model: changed, state: { ...kept, ...drawn }, head }
}

/**
 * Checks that pictures come to a network as those that it knows: one that was trained, or is a program's own.
 * @throws AlexNetError `invalid-setting` when their size differs.
 */
export function checkPictures({ name, inputShape }: Model, prepared: readonly number[], { size }: Preprocessing): void {
  if (sameShape(inputShape, prepared)) return
  throw new AlexNetError(
    'invalid-setting',
    `the network ${name} takes pictures of ${formatShape(inputShape)}, the recipe makes ${formatShape(prepared)} of them`,
    `Let the recipe crop ${inputShape[1]} pixels (data.size is ${size}), or leave its sizes out.`,
  )
}
