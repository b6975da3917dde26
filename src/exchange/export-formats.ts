/** What a network can be written as for other programs. */
export const exportFormats = ['onnx', 'safetensors'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** What the pixels of an ONNX model that normalises them itself can be, the default first. */
export const pixelTypes = ['uint8', 'float32'] as const
export type PixelType = (typeof pixelTypes)[number]
