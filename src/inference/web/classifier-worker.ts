/** The worker of `openClassifier`: start it with `new Worker(url, { type: 'module' })`. */
import { webEngine } from '../../engines/web/web-engine.js'
import { AlexNetError } from '../../errors.js'
import { decodeCheckpoint } from '../../runs/checkpoint.js'
import { serveRequests } from '../../worker-requests.js'
import { type PictureClassifier, pictureClassifier } from '../picture-classifier.js'
import type { ClassifierRequests } from './messages.js'

let opened: PictureClassifier | undefined

function classifier(): PictureClassifier {
  if (!opened) throw new AlexNetError('invalid-setting', 'no classifier is open here: `open` one first')
  return opened
}

serveRequests<ClassifierRequests>(
  globalThis as unknown as Worker,
  {
    async open(bytes, name, options) {
      const checkpoint = decodeCheckpoint(bytes, name)
      const { engine, device, threads, found } = await webEngine(options)
      await opened?.dispose()
      opened = pictureClassifier(engine, checkpoint, { threads })
      return { classes: opened.classes, summary: opened.summary, device, engine: found }
    },
    predict: (picture, top) => classifier().predict(picture, top),
    activations: (picture) => classifier().activations(picture),
    occlusionMap: (picture, options) => classifier().occlusionMap(picture, options),
    parameter: (name) => classifier().parameter(name),
    fitted: (picture) => classifier().fitted(picture),
  },
  // Calls of a classifier must not overlap.
  { inTurn: true },
)
