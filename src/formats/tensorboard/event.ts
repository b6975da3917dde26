import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { MessageReader } from '../protobuf/read.js'
import { bytes, double, message, packedDoubles, text, varint } from '../protobuf/write.js'
import type { Histogram } from './histogram.js'

/** What an event says under a name. A name's part before the first `/` groups it. */
export type SummaryValue = { readonly tag: string } & (
  | { readonly scalar: number }
  | { readonly histogram: Histogram }
  | { readonly image: { readonly width: number; readonly height: number; readonly png: Uint8Array } }
  /** Markdown. */
  | { readonly text: string }
  | { readonly hyperparameters: Hyperparameters }
)

/** What a run was made with, for the tab HPARAMS. */
export interface Hyperparameters {
  readonly values: Readonly<Record<string, string | number | boolean>>
  /** Seconds since 1970. */
  readonly started: number
}

/** The tag under which TensorBoard looks for hyperparameters. */
export const HYPERPARAMETERS_TAG = '_hparams_/session_start_info'

export interface TensorBoardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number
  readonly step: number
  /**
   * `version`: the first event of a file. `start`: a program goes on here; what earlier files say of this step and later
   * ones is void. Else what was measured.
   */
  readonly content: 'version' | 'start' | readonly SummaryValue[]
}

/** What the first event of a file says: TensorBoard knows by it that `start` is meant as above. */
const FILE_VERSION = 'brain.Event:2'

/** SessionLog.SessionStatus */
const START = 1
/** DataType */
const DT_FLOAT = 1
const DT_STRING = 7
/** Components of a pixel: RGB. */
const RGB = 3

/**
 * An event as protobuf. The numbers are the field numbers of tensorflow/core/util/event.proto,
 * tensorflow/core/framework/summary.proto, histogram.proto and tensor.proto, and of tensorboard/plugins/hparams/plugin_data.proto.
 */
export function encodeEvent({ wallTime, step, content }: TensorBoardEvent): Uint8Array {
  const writer = new BinaryWriter()
  double(writer, 1, wallTime)
  if (step !== 0) writer.tag(2, WireType.Varint).int64(step)
  if (content === 'version') text(writer, 3, FILE_VERSION)
  else if (content === 'start') message(writer, 7, (log) => varint(log, 1, START))
  else
    message(writer, 5, (summary) => {
      for (const value of content) message(summary, 1, (entry) => summaryValue(entry, value))
    })
  return writer.finish()
}

function summaryValue(writer: BinaryWriter, value: SummaryValue): void {
  text(writer, 1, value.tag)
  if ('scalar' in value) writer.tag(2, WireType.Bit32).float(value.scalar)
  else if ('image' in value)
    message(writer, 4, (image) => {
      const { width, height, png } = value.image
      varint(image, 1, height)
      varint(image, 2, width)
      varint(image, 3, RGB)
      bytes(image, 4, png)
    })
  else if ('histogram' in value) message(writer, 5, (histo) => histogram(histo, value.histogram))
  else if ('text' in value) {
    message(writer, 8, (tensor) => {
      tensorOfOne(tensor, DT_STRING)
      text(tensor, 8, value.text)
    })
    message(writer, 9, (metadata) => plugin(metadata, 'text'))
  } else {
    message(writer, 8, (tensor) => {
      tensorOfOne(tensor, DT_FLOAT)
      packedFloat(tensor, 5, 0)
    })
    message(writer, 9, (metadata) => plugin(metadata, 'hparams', hyperparameters(value.hyperparameters)))
  }
}

function histogram(writer: BinaryWriter, { min, max, count, sum, sumOfSquares, limits, buckets }: Histogram): void {
  for (const [i, value] of [min, max, count, sum, sumOfSquares].entries()) double(writer, i + 1, value)
  packedDoubles(writer, 6, limits)
  packedDoubles(writer, 7, buckets)
}

function tensorOfOne(writer: BinaryWriter, dtype: number): void {
  varint(writer, 1, dtype)
  message(writer, 2, (shape) => message(shape, 2, (dim) => varint(dim, 1, 1)))
}

function packedFloat(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.LengthDelimited).fork().float(value).join()
}

function plugin(writer: BinaryWriter, name: string, content?: Uint8Array): void {
  message(writer, 1, (data) => {
    text(data, 1, name)
    if (content) bytes(data, 2, content)
  })
}

/** HParamsPluginData with its session_start_info. */
function hyperparameters({ values, started }: Hyperparameters): Uint8Array {
  const writer = new BinaryWriter()
  message(writer, 3, (start) => {
    // In the order of their names, as protobuf's deterministic encoding has a map.
    for (const [name, value] of Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))
      message(start, 1, (entry) => {
        text(entry, 1, name)
        message(entry, 2, (held) => {
          if (typeof value === 'number') held.tag(2, WireType.Bit64).double(value)
          else if (typeof value === 'string') text(held, 3, value)
          else held.tag(4, WireType.Varint).bool(value)
        })
      })
    double(start, 5, started)
  })
  return writer.finish()
}

/** What `decodeEvent` understands of an event: where it belongs, and its single numbers. */
export interface EventOutline {
  readonly wallTime: number
  readonly step: number
  readonly scalars: Readonly<Record<string, number>>
}

/** Reads what `encodeEvent`, or another program, has written. */
export function decodeEvent(content: Uint8Array): EventOutline {
  const message = new MessageReader()
  let [wallTime, step] = [0, 0]
  const scalars: Record<string, number> = {}
  const readValue = (value: Uint8Array) => {
    let tag = ''
    let scalar: number | undefined
    message.fields(value, {
      1: (reader) => {
        tag = reader.string()
      },
      2: (reader) => {
        scalar = reader.float()
      },
    })
    if (scalar !== undefined) scalars[tag] = scalar
  }
  message.fields(content, {
    1: (reader) => {
      wallTime = reader.double()
    },
    2: (reader) => {
      step = Number(reader.int64())
    },
    5: (reader) => message.fields(reader.bytes(), { 1: (summary) => readValue(summary.bytes()) }),
  })
  return { wallTime, step, scalars }
}
