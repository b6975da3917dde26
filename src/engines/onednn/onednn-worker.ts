/** The thread in which oneDNN runs: its calls block, and the thread that trains stays free for other events. */
import { parentPort } from 'node:worker_threads'
import { moving, serveRequests } from '../../worker-requests.js'
import { loadGradientTreatment } from '../gradient-treatment.js'
import { lowerProgram } from './lower-program.js'
import type { EngineRequests } from './messages.js'
import { OneDnn } from './native/onednn.js'
import { NativeExecutable } from './native-executable.js'

if (!parentPort) throw new Error('this file is the thread of the onednn engine: it is not run by itself')

const executables = new Map<number, NativeExecutable>()
let dnn: OneDnn | undefined
let count = 0

serveRequests<EngineRequests>(parentPort, {
  async compile(program, options) {
    const { precision, gradientTreatment } = options
    // Loaded here, since it is to be called here.
    const treatment = gradientTreatment === undefined ? undefined : await loadGradientTreatment(gradientTreatment)
    dnn ??= OneDnn.load()
    // Before anything is prepared: primitives are made for a number of threads.
    dnn.setThreads(options.threads)
    const executable = new NativeExecutable(dnn, lowerProgram(dnn, program, precision, treatment), options)
    executables.set(++count, executable)
    return { executable: count, inputs: executable.inputs, outputs: executable.outputs }
  },
  run: (executable) => executables.get(executable)!.run(),
  readState(executable, names) {
    const arrays = names.map((name) => [name, executables.get(executable)!.readState(name)] as const)
    return moving(
      Object.fromEntries(arrays),
      arrays.map(([, { buffer }]) => buffer),
    )
  },
  writeState: (executable, name, data) => executables.get(executable)!.writeState(name, data),
  timings: (executable) => executables.get(executable)!.timings(),
  dispose(executable) {
    executables.get(executable)!.dispose()
    executables.delete(executable)
  },
})
