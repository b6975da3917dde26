import { type BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** A message within another one. */
export function message(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  write(writer)
  writer.join()
}

export function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value)
}

export function varint(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int32(value)
}

/** A number with its default of proto3: 0 is not written. */
export function double(writer: BinaryWriter, field: number, value: number): void {
  if (!Object.is(value, 0)) writer.tag(field, WireType.Bit64).double(value)
}

/** Numbers in one piece. */
export function packedDoubles(writer: BinaryWriter, field: number, values: readonly number[]): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  for (const value of values) writer.double(value)
  writer.join()
}

export function bytes(writer: BinaryWriter, field: number, value: Uint8Array): void {
  writer.tag(field, WireType.LengthDelimited).bytes(value)
}
