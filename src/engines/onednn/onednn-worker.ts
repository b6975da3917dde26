/** The thread in which oneDNN runs: its calls block, and the thread that trains stays free for other events. */
import { parentPort } from 'node:worker_threads'
import { AlexNetError } from '../../errors.js'
import { packError } from '../../packed-error.js'
import { loadGradientTreatment } from '../gradient-treatment.js'
import { lowerProgram } from './lower-program.js'
import type { Answers, Reply, Request, Task } from './messages.js'
import { OneDnn } from './native/onednn.js'
import { NativeExecutable } from './native-executable.js'

if (!parentPort) throw new Error('this file is the thread of the onednn engine: it is not run by itself')
const port = parentPort
const executables = new Map<number, NativeExecutable>()
let dnn: OneDnn | undefined
let count = 0

async function answer(request: Request): Promise<Answers[keyof Answers]> {
  if (request.kind === 'compile') {
    const { program, precision, gradientTreatment } = request
    // Loaded here, since it is to be called here.
    const treatment = gradientTreatment === undefined ? undefined : await loadGradientTreatment(gradientTreatment)
    dnn ??= OneDnn.load()
    if (precision === 'bfloat16' && !dnn.computesBfloat16)
      throw new AlexNetError(
        'invalid-setting',
        `onednn: this processor does not compute in bfloat16 (it has ${dnn.instructionSet}; that takes AVX-512 BF16, say)`,
        'Use `--precision float32`.',
      )
    // Before anything is prepared: primitives are made for a number of threads.
    dnn.setThreads(request.threads)
    const executable = new NativeExecutable(dnn, lowerProgram(dnn, program, precision, treatment), request)
    executables.set(++count, executable)
    return { executable: count, inputs: executable.inputs, outputs: executable.outputs }
  }
  const executable = executables.get(request.executable)!
  switch (request.kind) {
    case 'run':
      executable.run()
      return undefined
    case 'readState':
      return Object.fromEntries(request.names.map((name) => [name, executable.readState(name)]))
    case 'writeState':
      executable.writeState(request.name, request.data)
      return undefined
    case 'timings':
      return executable.timings()
    case 'dispose':
      executables.delete(request.executable)
      executable.dispose()
      return undefined
  }
}

port.on('message', async (task: Task) => {
  try {
    const result = await answer(task)
    const moved = task.kind === 'readState' ? Object.values(result as Answers['readState']) : []
    port.postMessage(
      { id: task.id, answer: result } satisfies Reply,
      moved.map(({ buffer }) => buffer),
    )
  } catch (error) {
    port.postMessage({ id: task.id, error: packError(error) } satisfies Reply)
  }
})
