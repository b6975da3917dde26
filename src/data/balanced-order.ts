import { random } from '../random.js'

/** The uses of pictures in an epoch, one after the other. */
export interface EpochUses {
  readonly order: Uint32Array
  /** How often each had been used before; undefined: every one comes once an epoch. */
  readonly rounds?: Uint32Array
}

/**
 * An epoch of balanced sampling: each class comes equally often, and every picture of a class as often as its others.
 *
 * PyTorch's WeightedRandomSampler with the weights 1/n of the classes has this in expectation, with replacement. Here it is
 * exact: each row of as many uses as there are classes has every class once, in an order of its own. A class's pictures go
 * round: each comes once, in an order of the round, then all come again. The rows of one epoch go on where those of the
 * last have ended, so that no picture of a large class is passed over. A use depends on nothing but its place in the run:
 * there is no state to save.
 *
 * @param members The pictures of each class.
 * @param uses How many an epoch has: those of its full batches.
 */
export function balancedOrder(
  members: readonly ArrayLike<number>[],
  uses: number,
  seed: number,
  epoch: number,
): Required<EpochUses> {
  const classes = members.flatMap((pictures, label) =>
    pictures.length > 0 ? [{ label, pictures, round: -1, shuffled: new Uint32Array() as Uint32Array }] : [],
  )
  const order = new Uint32Array(uses)
  const rounds = new Uint32Array(uses)
  let place = epoch * uses
  for (let done = 0; done < uses; ) {
    const row = Math.floor(place / classes.length)
    const turns = random(seed, 'sampling', row).permutation(classes.length)
    for (let turn = place % classes.length; turn < turns.length && done < uses; turn++, place++, done++) {
      const own = classes[turns[turn]]
      const { label, pictures } = own
      const round = Math.floor(row / pictures.length)
      if (round !== own.round) {
        own.round = round
        own.shuffled = random(seed, 'sampling', label, round).permutation(pictures.length)
      }
      order[done] = pictures[own.shuffled[row % pictures.length]]
      rounds[done] = round
    }
  }
  return { order, rounds }
}
