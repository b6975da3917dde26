import type { MessagePort } from 'node:worker_threads'
import type { Program } from '../../graph/program.js'
import { moving, serveRequests } from '../../worker-requests.js'
import { type GradientTreatment, loadGradientTreatment } from '../gradient-treatment.js'
import type { BlockingExecutable } from './blocking-executable.js'
import { collectGarbage } from './collect-garbage.js'
import type { EngineRequests, MeasuringEvent, NativeOptions } from './messages.js'

/** Prepares a program, in the thread that will run it. */
export type BlockingCompile = (
  program: Program,
  options: NativeOptions,
  treatGradients: GradientTreatment | undefined,
  tell: (event: MeasuringEvent) => void,
) => BlockingExecutable | Promise<BlockingExecutable>

/** The engine's own thread: compiles and runs what the other side asks for. */
export function serveEngine(port: MessagePort, compile: BlockingCompile): void {
  const executables = new Map<number, BlockingExecutable>()
  let count = 0
  const tell = serveRequests<EngineRequests, MeasuringEvent>(port, {
    async compile(program, options) {
      const { gradientTreatment } = options
      // Loaded here, since it is to be called here.
      const treatment = gradientTreatment === undefined ? undefined : await loadGradientTreatment(gradientTreatment)
      const executable = await compile(program, options, treatment, tell)
      executables.set(++count, executable)
      const { inputs, outputs, choices } = executable
      return { executable: count, inputs, outputs, choices }
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
      const disposed = executables.get(executable)!
      executables.delete(executable)
      try {
        disposed.dispose()
      } finally {
        // After this turn, in which the object is still held.
        setImmediate(collectGarbage)
      }
    },
  })
}
