/** The worker of `openClassifier`: start it with `new Worker(url, { type: 'module' })`. */
import { webEngine } from '../../engines/web/web-engine.js'
import { AlexNetError } from '../../errors.js'
import { decodeCheckpoint } from '../../runs/checkpoint.js'
import { serveRequests } from '../../worker-requests.js'
import { type PictureClassifier, pictureClassifier } from '../picture-classifier.js'
import type { ClassifierRequests } from './messages.js'

let opened: PictureClassifier | undefined
/** Calls of a classifier must not overlap: each waits for those before it. */
let last: Promise<unknown> = Promise.resolve()

function inTurn<T>(call: (net: PictureClassifier) => Promise<T> | T): Promise<T> {
  const answer = last.then(() => {
    if (!opened) throw new AlexNetError('invalid-setting', 'no classifier is open here: `open` one first')
    return call(opened)
  })
  last = answer.catch(() => undefined)
  return answer
}

serveRequests<ClassifierRequests, never>(globalThis as unknown as Worker, {
  async open(bytes, name, options) {
    const checkpoint = decodeCheckpoint(bytes, name)
    const { engine, device, threads, found } = await webEngine(options)
    await opened?.dispose()
    opened = pictureClassifier(engine, checkpoint, { threads })
    return { classes: opened.classes, summary: opened.summary, device, engine: found }
  },
  predict: (picture, top) => inTurn((net) => net.predict(picture, top)),
  activations: (picture) => inTurn((net) => net.activations(picture)),
  occlusionMap: (picture, options) => inTurn((net) => net.occlusionMap(picture, options)),
  parameter: (name) => inTurn((net) => net.parameter(name)),
  fitted: (picture) => inTurn((net) => net.fitted(picture)),
})
