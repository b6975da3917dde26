import type * as OnnxRuntime from 'onnxruntime-common'
import { AlexNetError } from '../../errors.js'
import { encodeOnnx } from '../../formats/onnx/encode.js'
import { joinUpdate } from '../../graph/join.js'
import type { Program } from '../../graph/program.js'
import { float32, sizeOf, type Tensors } from '../../tensor.js'
import { checkState, stateVariable } from '../check.js'
import type { Executable, OperatorTiming } from '../engine.js'
import { identityModel } from './identity-model.js'
import { lowerProgram, nextName } from './lower-program.js'
import { fromOnnx, toOnnx } from './onnx-runtime.js'
import { OnnxSession, type SessionSetup } from './onnx-session.js'

/**
 * A program whose state stays in the memory of the device: the whole step is one graph, update included, and what it
 * leaves as the next state is fed in as the state of the next step. Only the step's inputs go to the device, and only
 * its outputs come back.
 */
export class DeviceStateExecutable implements Executable {
  private readonly state = new Map<string, OnnxRuntime.Tensor>()
  private readonly session: OnnxSession
  /** The program with its update, as one graph. */
  private readonly program: Program
  /** The states that a step replaces. */
  private readonly advancing: readonly string[]

  constructor(
    private readonly setup: SessionSetup,
    original: Program,
  ) {
    const { program } = joinUpdate(original)
    const advancing = Object.entries(program.state).flatMap(([name, { current, next }]) =>
      next && next !== current ? [name] : [],
    )
    const preferredOutputLocation = Object.fromEntries(advancing.map((name) => [nextName(name), 'gpu-buffer' as const]))
    const model = (part: Program) => lowerProgram(part, { target: 'webgpu', next: advancing })
    this.program = program
    this.advancing = advancing
    this.session = new OnnxSession(
      { ...setup, options: { ...setup.options, preferredOutputLocation } },
      { program, part: program, model },
    )
    for (const [name, { current }] of Object.entries(program.state))
      this.state.set(name, toOnnx(setup.runtime, float32(current.shape, new Float32Array(sizeOf(current.shape)))))
  }

  /** Compiles the program now, so that its errors come from `compile`. */
  async prepare(): Promise<void> {
    await this.session.open()
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const results = await this.session.run(inputs, Object.fromEntries(this.state))
    for (const name of this.advancing) this.replace(name, results[nextName(name)])
    return fromOnnx(this.program, results)
  }

  /**
   * By a graph that does nothing, with outputs on the processor. (`Tensor.getData` would do in a browser; in Node,
   * onnxruntime-node 1.30 ends the whole process there.)
   */
  async readState(names = Object.keys(this.program.state)): Promise<Tensors> {
    this.session.expectAlive()
    const { runtime, options } = this.setup
    const wanted = names.map((name) => ({
      name,
      value: this.stateOf(name),
      variable: stateVariable(this.program, name),
    }))
    const shapes = Object.fromEntries(wanted.map(({ name, variable }) => [name, variable.current.shape]))
    return this.session.guard(async () => {
      const reader = await runtime.InferenceSession.create(encodeOnnx(identityModel(shapes)), options)
      try {
        const results = await reader.run(Object.fromEntries(wanted.map(({ name, value }) => [name, value])))
        return Object.fromEntries(
          // A copy: the values may lie in memory that the session takes with it.
          names.map((name) => [
            name,
            float32(shapes[name], Float32Array.from(results[nextName(name)].data as Float32Array)),
          ]),
        )
      } finally {
        await reader.release()
      }
    })
  }

  async writeState(state: Tensors): Promise<void> {
    this.session.expectAlive()
    checkState(this.program, state)
    // Copies: they go to the device with the next step.
    for (const [name, { shape, data }] of Object.entries(state))
      this.replace(name, toOnnx(this.setup.runtime, float32(shape, Float32Array.from(data))))
  }

  timings(): Promise<readonly OperatorTiming[]> {
    return this.session.timings()
  }

  async dispose(): Promise<void> {
    for (const tensor of this.state.values()) tensor.dispose()
    this.state.clear()
    await this.session.dispose()
  }

  private replace(name: string, tensor: OnnxRuntime.Tensor): void {
    this.state.get(name)?.dispose()
    this.state.set(name, tensor)
  }

  private stateOf(name: string): OnnxRuntime.Tensor {
    stateVariable(this.program, name)
    const tensor = this.state.get(name)
    if (!tensor) throw new AlexNetError('engine-failed', `onnx: ${this.program.name}: its state has been disposed`)
    return tensor
  }
}
