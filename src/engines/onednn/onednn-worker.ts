/** The thread in which oneDNN runs: its calls block, and the thread that trains stays free for other events. */
import { parentPort } from 'node:worker_threads'
import { serveEngine } from '../thread/serve-engine.js'
import { lowerProgram } from './lower-program.js'
import { OneDnn } from './native/onednn.js'
import { NativeExecutable } from './native-executable.js'

if (!parentPort) throw new Error('this file is the thread of the onednn engine: it is not run by itself')

let dnn: OneDnn | undefined

serveEngine(parentPort, (program, options, treatGradients) => {
  dnn ??= OneDnn.load()
  // Before anything is prepared: primitives are made for a number of threads.
  dnn.setThreads(options.threads)
  return new NativeExecutable(dnn, lowerProgram(dnn, program, options.precision, treatGradients), options)
})
