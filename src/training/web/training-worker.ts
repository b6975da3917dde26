/** The worker of `trainInWorker`: start it with `new Worker(url, { type: 'module' })`. */
import { webEngine } from '../../engines/web/web-engine.js'
import { serveRequests } from '../../worker-requests.js'
import type { WebTrainingEvent, WebTrainingRequests } from './messages.js'
import { webTrainer } from './web-trainer.js'

const tell = serveRequests<WebTrainingRequests, WebTrainingEvent>(
  globalThis as unknown as Worker,
  webTrainer(webEngine, (event) => tell(event)),
)
