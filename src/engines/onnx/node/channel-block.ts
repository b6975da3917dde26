import { encodeOnnx } from '../../../formats/onnx/encode.js'
import { float32, int32 } from '../../../tensor.js'
import { OnnxGraphWriter } from '../graph-writer.js'
import { BLOCKED } from '../lowering/blocked-convolve.js'
import type { Ort } from './ort.js'

/**
 * How many channels ONNX Runtime's fastest convolutions take at a time on this processor (8 with AVX2, 16 with AVX-512);
 * undefined where it has none. It is read off the shape that a picture of 4 channels has in their layout.
 */
export function channelBlock(ort: Ort): number | undefined {
  const graph = new OnnxGraphWriter('channel block', 'cpu')
  const picture = graph.input('picture', 'float32', [1, 4, 1, 1])
  const shape = graph.node('Shape', [graph.node(`${BLOCKED}.ReorderInput`, [picture])])
  graph.output('shape', graph.node('Cast', [shape], { to: INT32 }), 'int32', [4])
  const read = int32([4], new Int32Array(new ArrayBuffer(16)))
  const given = float32([1, 4, 1, 1], new Float32Array(new ArrayBuffer(16)))
  let session: bigint
  try {
    session = ort.createSession(encodeOnnx(graph.model()), { threads: 1 })
  } catch {
    return undefined // A build without these operators, which are its own affair.
  }
  const tensors = [ort.tensor(given), ort.tensor(read)]
  try {
    ort.binding(session, new Map([['picture', tensors[0]]]), new Map([['shape', tensors[1]]]))()
    const channels = read.data[1]
    return channels > 4 ? channels : undefined
  } finally {
    for (const tensor of tensors) ort.releaseTensor(tensor)
    ort.releaseSession(session)
  }
}

/** TensorProto.DataType */
const INT32 = 6
