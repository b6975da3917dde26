/** A training that a number in the documentation comes from. */
export interface Experiment {
  readonly id: string
  /** The table that it belongs to. */
  readonly table: 'cifar10' | 'ingredients'
  /** What it is, in a few words. */
  readonly about: string
  /** The test accuracy that it is held against, in percent: published, or asked for. */
  readonly wanted?: number
  /** Arguments of `alexnet train`. */
  readonly train: string
  /** Options of `alexnet evaluate`, for each measurement of the trained network. */
  readonly evaluate: readonly string[]
  readonly seeds: readonly number[]
}

const once = ['']
const mirrored = ['', '--views 2']

const main: readonly Experiment[] = [
  {
    id: '10pct',
    table: 'cifar10',
    about: 'AlexNet for 32×32, half as wide, an hour at most',
    wanted: 90,
    train: 'cifar10 --recipe 10pct',
    evaluate: mirrored,
    seeds: [1, 2, 3],
  },
  {
    id: 'alexnet',
    table: 'cifar10',
    about: 'AlexNet, pictures enlarged to 64×64',
    wanted: 85,
    train: 'cifar10 --recipe alexnet',
    evaluate: mirrored,
    seeds: [1],
  },
  {
    id: '18pct',
    table: 'cifar10',
    about: "cuda-convnet's with LRN",
    wanted: 82,
    train: 'cifar10 --recipe 18pct',
    evaluate: once,
    seeds: [1],
  },
  {
    id: '19pct',
    table: 'cifar10',
    about: "cuda-convnet's without LRN",
    wanted: 81,
    train: 'cifar10 --recipe 19pct',
    evaluate: once,
    seeds: [1],
  },
  {
    id: '80sec',
    table: 'cifar10',
    about: "cuda-convnet's quickest",
    wanted: 74,
    train: 'cifar10 --recipe 80sec',
    evaluate: once,
    seeds: [1, 2, 3],
  },
]

/** What each ingredient of the recipe 10pct weighs: all of them in few epochs, then each left out. */
const SHORT = 'cifar10 --recipe 10pct --epochs 10'
const ingredients: readonly Experiment[] = (
  [
    ['all', 'all of them', ''],
    ['no-batch-norm', 'without batch normalisation', '--norm none --lr 0.01'],
    ['no-crop', 'without crops', '--set data.augmentation=[{"kind":"mirror"}]'],
    ['no-mirror', 'without mirror images', '--set data.augmentation=[{"kind":"random-crop","padding":4}]'],
    ['no-smoothing', 'without label smoothing', '--label-smoothing 0'],
    ['dropout', 'with the dropout of the paper', '--dropout 0.5'],
    ['constant', 'at a constant rate', '--schedule constant'],
    ['pytorch-momentum', "with plain momentum instead of Nesterov's", '--rule pytorch'],
  ] as const
).map(([id, about, flags]) => ({
  id: `ingredients-${id}`,
  table: 'ingredients',
  about,
  train: `${SHORT} ${flags}`.trim(),
  evaluate: once,
  seeds: [1],
}))

export const experiments: readonly Experiment[] = [...main, ...ingredients]
