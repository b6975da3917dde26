import type { InferenceSession } from 'onnxruntime-common'
import * as z from 'zod'
import type { OperatorTiming } from '../engine.js'
import { OperatorTimer } from '../operator-timer.js'

/** A place where ONNX Runtime may write the profile of one session. */
export interface ProfileFile {
  /** A path to which ONNX Runtime adds the time and `.json`. */
  readonly prefix: string
  /** The text of what was written. The file is gone afterwards. */
  take(): Promise<string>
}

/**
 * Takes the times of operators from ONNX Runtime's own profiles. A profile ends with its session, so the times of one
 * program may come from several sessions.
 */
export class SessionProfiler {
  readonly timer = new OperatorTimer()
  private file: ProfileFile | undefined
  private milliseconds = 0

  constructor(private readonly newFile: () => Promise<ProfileFile>) {}

  /** Options of the session that is opened now. */
  async begin(): Promise<Pick<InferenceSession.SessionOptions, 'enableProfiling' | 'profileFilePrefix'>> {
    this.file = await this.newFile()
    this.milliseconds = 0
    return { enableProfiling: true, profileFilePrefix: this.file.prefix }
  }

  /** Counts one run of the session, as seen from outside. */
  ran(milliseconds: number): void {
    this.milliseconds += milliseconds
  }

  /** Reads the profile of a session that runs no more. */
  async end(session: InferenceSession): Promise<void> {
    session.endProfiling()
    const inKernels = addProfile(await this.file!.take(), this.timer)
    // Copies of inputs and outputs, and the calls themselves.
    if (this.milliseconds > 0) this.timer.add('engine', 'overhead', this.milliseconds - inKernels)
  }

  timings(): readonly OperatorTiming[] {
    return this.timer.timings()
  }
}

const eventsSchema = z.array(
  z.object({
    cat: z.string(),
    name: z.string(),
    dur: z.number(),
    args: z.looseObject({ op_name: z.string().optional() }),
  }),
)

/**
 * Adds the kernels of a profile to `timer`, each under the layer and the operator that `lowerProgram` has named its node
 * after. An operator may consist of several kernels, each of which counts as a call. What ONNX Runtime has put in by
 * itself, such as changes of the layout, is the `engine`'s; what it has made one of two stands where it has put it: in
 * inference often a convolution under the ReLU that follows. Returns the milliseconds of all kernels.
 */
export function addProfile(json: string, timer: OperatorTimer): number {
  let total = 0
  for (const { cat, name, dur, args } of eventsSchema.parse(JSON.parse(json))) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue
    const [, layer, operator] = /^(?:fused )?([^/]*)\/(\w+)\/\w+#\d+/.exec(name) ?? []
    timer.add(layer ?? 'engine', operator ?? args.op_name ?? name, dur / 1000)
    total += dur / 1000
  }
  return total
}
