import koffi from '#koffi'
import { AlexNetError } from '../../../errors.js'
import type { DType, Tensor } from '../../../tensor.js'
import { loadOrtLibrary, type OrtLibrary } from './ort-library.js'

/** A pointer to an object of the library. Whoever makes one releases it. */
export type OrtValue = bigint
export type OrtSession = bigint

export interface OrtSessionSettings {
  readonly threads: number
  /** Where the profile goes: a path to which the library adds the time and `.json`. */
  readonly profile?: string
}

/** ONNXTensorElementDataType */
const elementTypes: Readonly<Record<Exclude<DType, 'float64'>, number>> = { float32: 1, uint8: 2, int32: 6 }

const LOG_ERRORS = 3
const OPTIMIZE_ALL = 99
const DEVICE_ALLOCATOR = 0
const DEFAULT_MEMORY = 0

/** ONNX Runtime, typed, as one thread uses it: all calls block. Tensors lie in memory that the caller keeps alive. */
export class Ort {
  readonly version: string
  private readonly call: ReturnType<typeof functionsOf>
  private readonly environment: bigint
  private readonly memory: bigint
  private readonly allocator: bigint

  private constructor(library: OrtLibrary) {
    this.version = library.version
    this.call = functionsOf(library)
    this.environment = this.make((out) => this.call.createEnv(LOG_ERRORS, 'alexnet', out))
    this.memory = this.make((out) => this.call.createCpuMemoryInfo(DEVICE_ALLOCATOR, DEFAULT_MEMORY, out))
    this.allocator = this.make((out) => this.call.getAllocator(out))
  }

  /** @throws AlexNetError `engine-unavailable` */
  static async load(): Promise<Ort> {
    return new Ort(await loadOrtLibrary())
  }

  /** @throws AlexNetError `engine-failed` when the library refuses the model. */
  createSession(model: Uint8Array, { threads, profile }: OrtSessionSettings): OrtSession {
    const { call } = this
    const options = this.make((out) => call.createSessionOptions(out))
    try {
      this.check(call.setOptimizationLevel(options, OPTIMIZE_ALL))
      this.check(call.setLogSeverity(options, LOG_ERRORS))
      this.check(call.setIntraOpThreads(options, threads))
      // Threads that wait for the next operator spin. Behind the last one they would take the time of the update.
      this.check(call.addConfigEntry(options, 'session.force_spinning_stop', '1'))
      if (profile !== undefined) this.check(call.enableProfiling(options, pathOf(profile)))
      return this.make((out) => call.createSession(this.environment, model, model.length, options, out))
    } finally {
      call.releaseSessionOptions(options)
    }
  }

  releaseSession(session: OrtSession): void {
    this.call.releaseSession(session)
  }

  /** A tensor over the memory of `data`, which the caller keeps alive. */
  tensor({ dtype, shape, data }: Tensor): OrtValue {
    if (dtype === 'float64') throw new AlexNetError('engine-failed', 'onnx: float64 is not computed in here')
    const dims = BigInt64Array.from(shape, BigInt)
    const address = koffi.address(data) as bigint
    return this.make((out) =>
      this.call.createTensor(this.memory, address, data.byteLength, dims, dims.length, elementTypes[dtype], out),
    )
  }

  releaseTensor(value: OrtValue): void {
    this.call.releaseValue(value)
  }

  /** A step with these inputs and outputs, to be run as often as one likes. */
  binding(session: OrtSession, inputs: ReadonlyMap<string, OrtValue>, outputs: ReadonlyMap<string, OrtValue>) {
    // The names must outlive the call, and so do these arrays: the function below holds them.
    const held = [inputs, outputs].map((values) => {
      const names = [...values.keys()].map((name) => Buffer.from(`${name}\0`))
      return {
        names,
        pointers: BigInt64Array.from(names, (name) => koffi.address(name) as bigint),
        values: BigInt64Array.from(values.values()),
        count: values.size,
      }
    })
    const [given, made] = held
    return () =>
      this.check(
        this.call.run(session, 0n, given.pointers, given.values, given.count, made.pointers, made.count, made.values),
      )
  }

  /** Ends the profile of a session; returns its file. */
  endProfiling(session: OrtSession): string {
    const pointer = this.make((out) => this.call.endProfiling(session, this.allocator, out))
    const file = koffi.decode.string(pointer)
    this.check(this.call.allocatorFree(this.allocator, pointer))
    return file
  }

  private make(create: (out: BigInt64Array) => unknown): bigint {
    const out = new BigInt64Array(1)
    this.check(create(out))
    return out[0]
  }

  private check(status: unknown): void {
    if (!status) return
    const message = String(this.call.errorMessage(status))
    this.call.releaseStatus(status)
    throw new AlexNetError('engine-failed', message)
  }
}

/** The library takes paths as the system does: Windows's are of 16 bits. */
function pathOf(text: string): Buffer {
  return Buffer.from(`${text}\0`, process.platform === 'win32' ? 'utf16le' : 'utf8')
}

/** By their places in `OrtApi`. */
function functionsOf(library: OrtLibrary) {
  const status = (place: number, ...parameters: string[]) => library.bind(place, 'uintptr_t', parameters)
  const release = (place: number) => library.bind(place, 'void', ['uintptr_t'])
  const [pointer, memory] = ['uintptr_t', 'void *']
  return {
    errorMessage: library.bind(2, 'str', [pointer]),
    createEnv: status(3, 'int', 'str', memory),
    createSession: status(8, pointer, memory, 'size_t', pointer, memory),
    run: status(9, pointer, pointer, memory, memory, 'size_t', memory, 'size_t', memory),
    createSessionOptions: status(10, memory),
    enableProfiling: status(14, pointer, memory),
    setLogSeverity: status(22, pointer, 'int'),
    setOptimizationLevel: status(23, pointer, 'int'),
    setIntraOpThreads: status(24, pointer, 'int'),
    createTensor: status(49, pointer, pointer, 'size_t', memory, 'size_t', 'int', memory),
    createCpuMemoryInfo: status(69, 'int', 'int', memory),
    allocatorFree: status(76, pointer, pointer),
    getAllocator: status(78, memory),
    releaseStatus: release(93),
    releaseSession: release(95),
    releaseValue: release(96),
    releaseSessionOptions: release(100),
    endProfiling: status(110, pointer, pointer, memory),
    addConfigEntry: status(130, pointer, 'str', 'str'),
  }
}
