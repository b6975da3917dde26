/**
 * Verifies the exchange of weights with PyTorch at full size: torchvision's AlexNet with random weights goes through
 * PyTorch's files of both kinds, through this project, and back, and its logits stay what they were.
 *
 *     apt install python3-torch python3-pil python3-onnx
 *     npx tsx scripts/verify-pytorch.ts PICTURE... [--python /usr/bin/python3]
 *
 * Each line says what was compared, how far it was off, and how far it may be. It ends with 1 if anything is further off.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { classifier, type Engine, preprocess } from 'alexnet'
import { engineOffers, exportRun, importRun, openClassifier, readCheckpoint, selectEngine } from 'alexnet/node'
import type { Tensor as OnnxTensor } from 'onnxruntime-common'
import { loadOnnxRuntime } from '../src/engines/node/load-onnx-runtime.js'

const { InferenceSession, Tensor } = await loadOnnxRuntime()

const CLASSES = 1000
const SIDE = 224
const PICTURE = 3 * SIDE * SIDE
/** float32 sums of 9,216 terms in another order. */
const SAME_PIXELS = 1e-4
/** The engine's logits and those of its own graph, written for others. */
const SAME_GRAPH = 1e-5
/** Normalised in float32 inside the graph, in float64 outside: the pixels differ in the last bit, the logits in a few. */
const NORMALISED_INSIDE = 1e-4
/**
 * Probabilities from the file: PIL rounds the picture to whole numbers after each of the two passes of its resizer, here
 * it is resized in one pass without rounding; and libjpeg as PIL and as libvips call it may differ by a step in places.
 */
const FROM_FILE = 0.02

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string', default: '/usr/bin/python3' } },
})
if (files.length === 0) throw new Error('give some pictures')
const folder = await mkdtemp(join(tmpdir(), 'alexnet-verify-'))
const at = (name: string) => join(folder, name)
const python = (...args: string[]) =>
  promisify(execFile)(values.python, ['scripts/verify-pytorch.py', ...args], { maxBuffer: 1 << 24 })
let failed = false

try {
  await python('make', folder, ...files)
  const pixels = new Uint8Array(await readFile(at('pixels.bin')))
  const expected = floats(await readFile(at('logits.bin')))
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  console.log(`${files.length} pictures, logits up to ${scale.toPrecision(3)}`)

  for (const name of ['zip.pth', 'legacy.pth', 'pytorch.onnx']) {
    const start = performance.now()
    await importRun({ file: at(name), out: at(`run-${name}`) })
    console.log(`${name} imported in ${((performance.now() - start) / 1000).toFixed(1)} s`)
    for (const { name: engine } of (await engineOffers()).filter(
      (offer) => 'found' in offer && offer.name !== 'reference',
    )) {
      const logits = await logitsOf(at(`run-${name}`), (await selectEngine(engine)).engine, pixels)
      report(`logits, ${name}, engine ${engine}, the same pixels`, difference(logits, expected), SAME_PIXELS)
    }
  }

  const run = at('run-zip.pth')
  const { engine } = await selectEngine('onnx')
  await using net = await openClassifier(run, { engine })
  const predictions = await net.predict(files, { top: CLASSES })
  const probabilities = softmax(expected)
  report('probabilities, from the file', difference(predictions.flatMap(inOrder), probabilities), FROM_FILE)

  await exportRun({ run, format: 'safetensors', out: at('exported.safetensors') })
  await exportRun({ run, format: 'onnx', out: at('exported.onnx') })
  await exportRun({ run, format: 'onnx', out: at('exported-pixels.onnx'), preprocess: 'uint8', probabilities: true })
  const checked = JSON.parse((await python('check', folder)).stdout)
  report(`weights of the exported safetensors in PyTorch ${checked.torch}`, checked.equal ? 0 : 1, 0)
  report('logits of PyTorch with them', checked.difference, SAME_PIXELS)
  console.log(
    checked.checked.length > 0
      ? `onnx.checker accepts ${checked.checked.join(' and ')}`
      : 'onnx.checker: not installed (python3-onnx)',
  )

  const own = await logitsOf(run, engine, pixels)
  const { prepared, count } = await prepare(run, pixels)
  const plain = await runOnnx(at('exported.onnx'), new Tensor('float32', prepared, [count, 3, SIDE, SIDE]))
  report('exported ONNX in onnxruntime-node', difference(plain.logits, own), SAME_GRAPH)
  const inside = await runOnnx(at('exported-pixels.onnx'), new Tensor('uint8', pixels, [count, 3, SIDE, SIDE]))
  report('exported ONNX with the preprocessing inside', difference(inside.logits, own), NORMALISED_INSIDE)
  report('its probabilities', difference(inside.probabilities, softmax(own)), SAME_GRAPH)
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)

async function logitsOf(run: string, engine: Engine, pixels: Uint8Array): Promise<Float32Array> {
  const { model, state } = await readCheckpoint(run)
  const { prepared, count } = await prepare(run, pixels)
  const net = await classifier(engine, model, { batchSize: count })
  await net.load(state)
  const { logits } = await net.classify(prepared, count)
  await net.dispose()
  return logits
}

/** Pictures that are resized and cropped already: only normalised. */
async function prepare(run: string, pixels: Uint8Array): Promise<{ prepared: Float32Array; count: number }> {
  const { preprocessing } = await readCheckpoint(run)
  const count = pixels.length / PICTURE
  const prepared = new Float32Array(pixels.length)
  for (let i = 0; i < count; i++)
    preprocess(
      pixels.subarray(i * PICTURE, (i + 1) * PICTURE),
      [3, SIDE, SIDE],
      { ...preprocessing, size: SIDE, augmentation: [] },
      undefined,
      prepared,
      i * PICTURE,
    )
  return { prepared, count }
}

async function runOnnx(file: string, images: OnnxTensor): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(file)
  const results = await session.run({ images })
  await session.release()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]))
}

function inOrder({ top }: { top: readonly { index: number; probability: number }[] }): number[] {
  const row = new Array<number>(CLASSES).fill(0)
  for (const { index, probability } of top) row[index] = probability
  return row
}

function softmax(logits: Float32Array): Float32Array {
  const result = new Float32Array(logits.length)
  for (let from = 0; from < logits.length; from += CLASSES) {
    const row = logits.subarray(from, from + CLASSES)
    const most = Math.max(...row)
    const powers = Array.from(row, (value) => Math.exp(value - most))
    const sum = powers.reduce((a, b) => a + b, 0)
    result.set(
      powers.map((power) => power / sum),
      from,
    )
  }
  return result
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer)
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`)
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}

function report(what: string, difference: number, allowed: number): void {
  const isGood = difference <= allowed
  failed ||= !isGood
  console.log(`${isGood ? 'ok   ' : 'FAILS'} ${what}: off by ${difference.toExponential(1)}, at most ${allowed}`)
}
