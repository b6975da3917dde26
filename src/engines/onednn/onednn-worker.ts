/** The thread in which oneDNN runs: its calls block, and the thread that trains stays free for other events. */
import { parentPort } from 'node:worker_threads'
import { serveEngine } from '../thread/serve-engine.js'
import { lowerProgram } from './lower-program.js'
import { OneDnn } from './native/onednn.js'
import { NativeExecutable } from './native-executable.js'
import { machineTuner } from './tuning/machine-tuner.js'
import { tuningMode } from './tuning/tuning-mode.js'

if (!parentPort) throw new Error('this file is the thread of the onednn engine: it is not run by itself')

let dnn: OneDnn | undefined

serveEngine(parentPort, (program, options, treatGradients, tell) => {
  const { threads, choices: recorded } = options
  const mode = tuningMode()
  dnn ??= OneDnn.load()
  // Before anything is prepared: primitives are made for a number of threads.
  dnn.setThreads(threads)
  const tuner = machineTuner(dnn, { mode, threads, recorded, onMeasuring: (seconds) => tell({ seconds }) })
  const lowered = lowerProgram(dnn, program, options.precision, treatGradients, { tuner, mode })
  tuner.finish()
  return new NativeExecutable(dnn, lowered, options)
})
