/** A file of `torch.save`, read but for the tensors' data. */
export interface TorchFile {
  /** What was saved. Tensors are `TensorView`s. */
  readonly value: unknown
  /** The bytes of a storage by its key; undefined when the file lacks it. */
  readonly storage: (key: string) => Uint8Array | undefined
}
