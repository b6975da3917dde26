/** TensorProto.DataType: the types of elements that this project reads or writes, with their numbers in onnx.proto. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const

export type OnnxDType = keyof typeof dataTypes

/** Bytes an element. */
export const elementBytes: Readonly<Record<OnnxDType, number>> = {
  float32: 4,
  uint8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
  bfloat16: 2,
}
