import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { subset } from '../../dist/data/dataset.js'
import { withViews } from '../../dist/data/views.js'
import { classifier } from '../../dist/index.js'
import { evaluationLoader } from '../../dist/inference/node/evaluation-loader.js'
import { dataDirectory, loadDataset, selectEngine } from '../../dist/node.js'
import { SURE } from '../../dist/runs/zoo-names.js'

/** @import { Dataset } from '../../dist/data/dataset.js' */
/** @import { ViewCount } from '../../dist/data/view-counts.js' */
/** @import { Checkpoint } from '../../dist/runs/checkpoint.js' */
/** @import { ZooName } from '../../dist/runs/zoo-names.js' */

/** imagenette's classes by the names of their folders, which are WordNet's numbers. */
export const imagenette = new Map([
  ['n01440764', 'tench'],
  ['n02102040', 'English springer'],
  ['n02979186', 'cassette player'],
  ['n03000684', 'chain saw'],
  ['n03028079', 'church'],
  ['n03394916', 'French horn'],
  ['n03417042', 'garbage truck'],
  ['n03425413', 'gas pump'],
  ['n03445777', 'golf ball'],
  ['n03888257', 'parachute'],
])

/** Classes of the one data set that are things of the other too. */
const shared = new Set(['dog', 'English springer', 'truck', 'garbage truck'])

/**
 * A folder of imagenette, with `val/` in it: what is given, else what lies in the data folder.
 * @param {string | undefined} given
 */
export function imagenetteFolder(given) {
  return given ?? join(dataDirectory(), 'imagenette-small')
}

/**
 * Whether the pictures are there that both networks are measured on.
 * @param {string} photographs
 */
export function picturesAreThere(photographs) {
  return existsSync(join(photographs, 'val')) && existsSync(join(dataDirectory(), 'cifar-10-batches-bin'))
}

/**
 * What a network gets right of pictures of its classes that it has not seen, and how sure it is of those and of pictures of
 * other things.
 *
 * @param {ZooName} name
 * @param {Checkpoint} checkpoint
 * @param {{ photographs: string, views: readonly ViewCount[], most: number }} options `most`: of how many pictures at most
 */
export async function measure(name, checkpoint, { photographs, views, most }) {
  const { size } = checkpoint.preprocessing
  const small = await testPictures('cifar10', { seed: 1 })
  const large = await testPictures('pictures', { seed: 1, directory: join(photographs, 'val'), side: size })
  const [own, others] = name === 'cifar10' ? [small, large] : [large, small]
  const labelled = thinned(withLabels(own, checkpoint.classes), most)
  const seen = []
  for (const count of views) seen.push({ views: count, ...(await answers(checkpoint, labelled, count)) })
  // Shares need no more pictures than this.
  const foreign = thinned(withoutShared(others), Math.min(most, 1000))
  const strange = await answers(checkpoint, foreign, 1)
  return {
    accuracy: seen.map(({ views, top1, loss }) => ({ views, top1, loss, images: labelled.labels.length })),
    certainty: {
      own: { about: 'pictures of its classes', images: labelled.labels.length, ...shares(seen[0].confidences) },
      others: {
        about: `pictures of other things: ${foreign.classes.join(', ')}`,
        images: foreign.labels.length,
        ...shares(strange.confidences),
      },
    },
  }
}

/**
 * The pictures that nothing is learnt from.
 * @param {string} name
 * @param {import('../../dist/data/node/load-dataset.js').LoadOptions} options
 */
async function testPictures(name, options) {
  const { parts } = await loadDataset(name, options)
  const dataset = parts.test ?? parts.train
  return { ...dataset, classes: dataset.classes.map((one) => imagenette.get(one) ?? one) }
}

/**
 * @param {Dataset} dataset
 * @param {readonly string[]} classes
 * @returns {Dataset}
 */
function withLabels(dataset, classes) {
  const places = dataset.classes.map((name) => classes.indexOf(name))
  if (places.includes(-1)) throw new Error(`the network does not know ${dataset.classes[places.indexOf(-1)]}`)
  return { ...dataset, classes, labels: dataset.labels.map((label) => places[label]) }
}

/** @param {Dataset} dataset */
function withoutShared(dataset) {
  const left = dataset.classes.filter((name) => !shared.has(name))
  const indices = [...dataset.labels.keys()].filter((i) => left.includes(dataset.classes[dataset.labels[i]]))
  return { ...subset(dataset, indices, dataset.name), classes: left }
}

/**
 * Every so many of the pictures, so that there are at most `most`.
 * @param {Dataset} dataset
 * @param {number} most
 */
function thinned(dataset, most) {
  const step = Math.max(1, Math.ceil(dataset.labels.length / most))
  const indices = [...dataset.labels.keys()].filter((i) => i % step === 0)
  return step === 1 ? dataset : subset(dataset, indices, dataset.name)
}

/**
 * @param {Checkpoint} checkpoint
 * @param {Dataset} dataset
 * @param {ViewCount} views
 */
async function answers({ model, state, preprocessing }, dataset, views) {
  const { engine } = await selectEngine()
  const batchSize = 100
  const loader = evaluationLoader({
    ...{ dataset, preprocessing: withViews(preprocessing, views), workers: 1 },
    batchSize: Math.floor(batchSize / views),
  })
  const net = await classifier(engine, model, { batchSize })
  /** @type {number[]} */
  const confidences = []
  try {
    await net.load(state)
    const { top1, loss } = await net.evaluate(loader, undefined, ({ logits }) => {
      for (let i = 0; i < logits.length; i += model.classes)
        confidences.push(largestProbability(logits.subarray(i, i + model.classes)))
    })
    return { top1, loss, confidences }
  } finally {
    await net.dispose()
    await loader.close()
  }
}

/** @param {Float32Array} logits */
function largestProbability(logits) {
  const largest = Math.max(...logits)
  return 1 / logits.reduce((sum, value) => sum + Math.exp(value - largest), 0)
}

/** @param {readonly number[]} confidences */
function shares(confidences) {
  /** @param {(value: number) => boolean} holds */
  const share = (holds) => Number((confidences.filter(holds).length / confidences.length).toFixed(4))
  return { unsure: share((value) => value < SURE), sure: share((value) => value > 0.9) }
}
