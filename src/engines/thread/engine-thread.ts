import { Worker } from 'node:worker_threads'
import { AlexNetError } from '../../errors.js'
import type { Program } from '../../graph/program.js'
import { type WorkerClient, workerClient } from '../../worker-requests.js'
import type { EngineRequests, MeasuringEvent, NativeOptions } from './messages.js'
import { ThreadedExecutable } from './threaded-executable.js'

/** The engine's thread as the calling thread sees it. */
export interface EngineThread {
  /** What is compiled belongs to the thread that runs now: it fails with it, and none that is started later knows it. */
  compile(program: Program, options: NativeOptions): Promise<ThreadedExecutable>
}

export interface EngineThreadOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly onMeasuring?: (event: MeasuringEvent) => void
}

/**
 * The thread is started by the first program, since of several engines that are there most are not asked, and anew by the
 * first after it has failed.
 *
 * @param name The engine's, for messages.
 * @param file What the thread runs.
 * @param options.environment Its variables, on top of those of this process.
 * @param options.onMeasuring Hears when it begins to measure kernels.
 */
export function engineThread(
  name: string,
  file: URL,
  { environment, onMeasuring }: EngineThreadOptions = {},
): EngineThread {
  let client: WorkerClient<EngineRequests> | undefined
  function start(): WorkerClient<EngineRequests> {
    // Not the options of this process: `--input-type`, with which a script is given to `node --eval`, fits no file.
    const worker = new Worker(file, { execArgv: [], env: { ...process.env, ...environment } })
    return workerClient<EngineRequests, MeasuringEvent>(worker, {
      onEvent: onMeasuring,
      failure: (what) => new AlexNetError('engine-failed', `${name}: its thread ${what}`),
      onFailure: () => {
        client = undefined
      },
    })
  }
  return {
    async compile(program, options) {
      client ??= start()
      const own = client
      return new ThreadedExecutable(name, program, own, await own.ask('compile', program, options))
    },
  }
}
