/** A network of one's own with tensors of one's own, as ONNX: `npx tsx examples/own-onnx.ts own.onnx`. */
import { writeFile } from 'node:fs/promises'
import { defineModel, encodeOnnx, exportOnnx, float32 } from 'alexnet'

const features = [{ kind: 'conv2d', filters: 2, kernel: 3 }, { kind: 'relu' }] as const
const classifier = [{ kind: 'linear', outputs: 2 }] as const
const model = defineModel({ name: 'own', inputShape: [3, 4, 4], features, classifier })
const state = {
  'features.0.weight': float32([2, 3, 3, 3], new Float32Array(54).fill(0.1)),
  'features.0.bias': float32([2], [0, -1]),
  'classifier.0.weight': float32([2, 8], new Float32Array(16).fill(0.5)),
  'classifier.0.bias': float32([2], [0, 1]),
}
await writeFile(process.argv[2] ?? 'own.onnx', encodeOnnx(exportOnnx({ model, state, classes: ['no', 'yes'] })))
