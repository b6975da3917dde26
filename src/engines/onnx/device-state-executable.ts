import type * as OnnxRuntime from 'onnxruntime-common'
import { AlexNetError } from '../../errors.js'
import { encodeOnnx } from '../../formats/onnx/encode.js'
import { joinUpdate } from '../../graph/join.js'
import type { Program } from '../../graph/program.js'
import { float32, sizeOf, type Tensors } from '../../tensor.js'
import { checkState, stateVariable } from '../check.js'
import { identityModel } from './identity-model.js'
import { lowerProgram, nextName } from './lower-program.js'
import { OnnxExecutable, type OnnxRuntimeModule, type SessionOptions } from './onnx-executable.js'

/**
 * A program whose state stays in the memory of the device: the whole step is one graph, update included, and what it
 * leaves as the next state is fed in as the state of the next step. Only the step's inputs go to the device, and only
 * its outputs come back.
 */
export class DeviceStateExecutable extends OnnxExecutable {
  private readonly state = new Map<string, OnnxRuntime.Tensor>()
  /** The states that a step replaces. */
  private readonly advancing: readonly string[]

  constructor(
    runtime: OnnxRuntimeModule,
    program: Program,
    private readonly options: SessionOptions,
  ) {
    const joined = joinUpdate(program).program
    const advancing = Object.entries(joined.state).flatMap(([name, { current, next }]) =>
      next && next !== current ? [name] : [],
    )
    const preferredOutputLocation = Object.fromEntries(advancing.map((name) => [nextName(name), 'gpu-buffer' as const]))
    super(runtime, program, { ...options, preferredOutputLocation }, undefined, joined)
    this.advancing = advancing
    for (const [name, { current }] of Object.entries(joined.state))
      this.state.set(name, this.toOnnx(float32(current.shape, new Float32Array(sizeOf(current.shape)))))
  }

  /** Compiles the program now, so that its errors come from `compile`. */
  async prepare(): Promise<void> {
    await this.open()
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const { program } = this.stepValues
    const results = await this.runSession(await this.open(), program, inputs, Object.fromEntries(this.state))
    for (const name of this.advancing) this.replace(name, results[nextName(name)])
    return this.fromOnnx(program, results)
  }

  /**
   * By a graph that does nothing, with outputs on the processor. (`Tensor.getData` would do in a browser; in Node,
   * onnxruntime-node 1.30 ends the whole process there.)
   */
  async readState(names = [...this.state.keys()]): Promise<Tensors> {
    this.expectAlive()
    const wanted = names.map((name) => ({
      name,
      value: this.stateOf(name),
      variable: stateVariable(this.program, name),
    }))
    const shapes = Object.fromEntries(wanted.map(({ name, variable }) => [name, variable.current.shape]))
    return this.guard(async () => {
      const reader = await this.runtime.InferenceSession.create(encodeOnnx(identityModel(shapes)), this.options)
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
    this.expectAlive()
    checkState(this.program, state)
    // Copies: they go to the device with the next step.
    for (const [name, { shape, data }] of Object.entries(state))
      this.replace(name, this.toOnnx(float32(shape, Float32Array.from(data))))
  }

  override async dispose(): Promise<void> {
    for (const tensor of this.state.values()) tensor.dispose()
    this.state.clear()
    await super.dispose()
  }

  private open() {
    return this.openSession(() => lowerProgram(this.stepValues.program, { target: 'webgpu', next: this.advancing }))
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
