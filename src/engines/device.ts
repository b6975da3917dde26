/** What the engine `onnx` computes on: the processor, or through WebGPU the graphics processor. */
export const devices = ['cpu', 'webgpu'] as const
export type Device = (typeof devices)[number]
