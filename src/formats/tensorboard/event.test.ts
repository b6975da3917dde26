import { describe, expect, it } from 'vitest'
import { maskedCrc32c } from './crc32c.js'
import { decodeEvent, encodeEvent, HYPERPARAMETERS_TAG, type SummaryValue, type TensorBoardEvent } from './event.js'
import { encodeRecord, readRecords } from './records.js'

/*
 * Made by TensorBoard's own messages and writer (tensorboard 2.21.0):
 *
 *     import base64, io, sys
 *     from tensorboard.compat.proto import event_pb2, summary_pb2, histogram_pb2, tensor_pb2, tensor_shape_pb2
 *     from tensorboard.plugins.hparams import plugin_data_pb2
 *     from tensorboard.summary.writer.record_writer import RecordWriter
 *     def tensor(**keys):
 *         return tensor_pb2.TensorProto(tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[dict(size=1)]), **keys)
 *     def metadata(name, content=b""):
 *         return summary_pb2.SummaryMetadata(plugin_data=dict(plugin_name=name, content=content))
 *     start = plugin_data_pb2.SessionStartInfo(start_time_secs=1700000000.5)
 *     start.hparams["optimizer.rate"].number_value = 0.01
 *     start.hparams["model.name"].string_value = "alexnet"
 *     start.hparams["optimizer.nesterov"].bool_value = False
 *     hparams = plugin_data_pb2.HParamsPluginData(session_start_info=start).SerializeToString(deterministic=True)
 *     histo = histogram_pb2.HistogramProto(min=-1.5, max=3, num=4, sum=0, sum_squares=12.5, bucket_limit=[0, 3], bucket=[1, 3])
 *     V = summary_pb2.Summary.Value
 *     events = [
 *         dict(file_version="brain.Event:2"),
 *         dict(step=7, session_log=event_pb2.SessionLog(status="START")),
 *         dict(step=2**40, summary=dict(value=[
 *             V(tag="loss/train", simple_value=2.25),
 *             V(tag="rate", simple_value=0.0),
 *             V(tag="parameters/features.0.weight", histo=histo),
 *             V(tag="filters", image=dict(height=1, width=2, colorspace=3, encoded_image_string=b"\x89PNG")),
 *             V(tag="recipe", tensor=tensor(dtype="DT_STRING", string_val=["# Möwe".encode()]), metadata=metadata("text")),
 *             V(tag="_hparams_/session_start_info", tensor=tensor(dtype="DT_FLOAT", float_val=[0]), metadata=metadata("hparams", hparams)),
 *         ])),
 *     ]
 *     file = io.BytesIO()
 *     writer = RecordWriter(file)
 *     for event in events:
 *         writer.write(event_pb2.Event(wall_time=1700000000.25, **event).SerializeToString(deterministic=True))
 *     print(base64.b64encode(file.getvalue()).decode())
 */
const golden =
  'GAAAAAAAAACjf0siCQAAEED8VNlBGg1icmFpbi5FdmVudDoyM40v6Q8AAAAAAAAAbVMrCQkAABBA/FTZQRAHOgIIAQ9BcXd4AQAAAAAAAKRVkR' +
  '0JAAAQQPxU2UEQgICAgIAgKuUCChEKCmxvc3MvdHJhaW4VAAAQQAoLCgRyYXRlFQAAAAAKaAoccGFyYW1ldGVycy9mZWF0dXJlcy4wLndlaWdo' +
  'dCpICQAAAAAAAPi/EQAAAAAAAAhAGQAAAAAAABBAKQAAAAAAAClAMhAAAAAAAAAAAAAAAAAAAAhAOhAAAAAAAADwPwAAAAAAAAhAChcKB2ZpbH' +
  'RlcnMiDAgBEAIYAyIEiVBORwolCgZyZWNpcGVCEQgHEgQSAggBQgcjIE3DtndlSggKBgoEdGV4dAqYAQocX2hwYXJhbXNfL3Nlc3Npb25fc3Rh' +
  'cnRfaW5mb0IOCAESBBICCAEqBAAAAABKaApmCgdocGFyYW1zElsaWQoXCgptb2RlbC5uYW1lEgkaB2FsZXhuZXQKGAoSb3B0aW1pemVyLm5lc3' +
  'Rlcm92EgIgAAobCg5vcHRpbWl6ZXIucmF0ZRIJEXsUrkfheoQ/KQAAIED8VNlBPqyppQ=='

const values: readonly SummaryValue[] = [
  { tag: 'loss/train', scalar: 2.25 },
  { tag: 'rate', scalar: 0 },
  {
    tag: 'parameters/features.0.weight',
    histogram: { min: -1.5, max: 3, count: 4, sum: 0, sumOfSquares: 12.5, limits: [0, 3], buckets: [1, 3] },
  },
  { tag: 'filters', image: { width: 2, height: 1, png: Buffer.from('\x89PNG', 'latin1') } },
  { tag: 'recipe', text: '# Möwe' },
  {
    tag: HYPERPARAMETERS_TAG,
    hyperparameters: {
      values: { 'optimizer.rate': 0.01, 'model.name': 'alexnet', 'optimizer.nesterov': false },
      started: 1700000000.5,
    },
  },
]

const wallTime = 1700000000.25
const events: readonly TensorBoardEvent[] = [
  { wallTime, step: 0, content: 'version' },
  { wallTime, step: 7, content: 'start' },
  { wallTime, step: 2 ** 40, content: values },
]

const file = () => Buffer.concat(events.map((event) => encodeRecord(encodeEvent(event))))

it('writes the bytes that TensorBoard would', () => {
  expect(file().toString('base64')).toBe(golden)
})

it('reads where an event belongs, and its numbers', () => {
  const read = [...readRecords(Buffer.from(golden, 'base64'))].map(({ content }) => decodeEvent(content))
  expect(read.map(({ step }) => step)).toEqual([0, 7, 2 ** 40])
  expect(read[2]).toEqual({
    ...{ wallTime, step: 2 ** 40 },
    scalars: { 'loss/train': 2.25, rate: 0 },
  })
})

describe('a file of records', () => {
  it.each<[string, number, (whole: Buffer) => Uint8Array]>([
    ['cut short within a record', 2, (whole) => whole.subarray(0, whole.length - 1)],
    ['cut short within the head of a record', 3, (whole) => Buffer.concat([whole, Buffer.from([1, 0, 0])])],
    ['with a byte of a record changed', 2, (whole) => whole.with(whole.length - 20, whole[whole.length - 20] ^ 1)],
    ['with a wrong length', 3, (whole) => Buffer.concat([whole, Buffer.alloc(16, 1)])],
  ])('%s is read up to there', (_, records, damage) => {
    const whole = file()
    const ends = [...readRecords(whole)].map(({ end }) => end)
    expect(ends).toHaveLength(3)
    expect(ends[2]).toBe(whole.length)
    const read = [...readRecords(damage(whole))].map(({ end }) => end)
    expect(read).toEqual(ends.slice(0, records))
  })
})

it.each([
  // RFC 3720, B.4: thirty-two bytes of 0, of 255, and 0 to 31; the checksums before they are masked.
  [Array(32).fill(0), 0x8a9136aa],
  [Array(32).fill(255), 0x62a8ab43],
  [[...Array(32).keys()], 0x46dd794e],
])('the checksum of a record is a masked CRC-32C', (bytes, crc) => {
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
  expect(maskedCrc32c(Uint8Array.from(bytes))).toBe(masked)
})
