/**
 * A network of one's own and pictures of one's own, as a run: its folder has the recipe, checkpoints, curves and a report,
 * and it can be resumed, used and exported like any other.
 *
 *     npx tsx examples/own-run.ts runs/crosses            # 3 epochs
 *     npx tsx examples/own-run.ts runs/crosses 6          # goes on to 6, where it left off
 *     npx alexnet predict runs/crosses picture.png
 */
import { existsSync } from 'node:fs'
import { defineModel, type Image, memoryDataset } from 'alexnet'
import { runTraining, writeReport } from 'alexnet/node'

const [folder = 'runs/crosses', epochs = '3'] = process.argv.slice(2)

// Pictures in memory: here a bright cross on noise, or a bright frame. Any code that fills the bytes will do, as long as
// it fills them in the same way when the run goes on.
const SIDE = 16
let drawn = 1
/** A whole number below `bound`, at random, but the same in every run. */
function below(bound: number): number {
  drawn = (Math.imul(drawn, 1664525) + 1013904223) >>> 0
  return Math.floor((drawn / 2 ** 32) * bound)
}
function draw(label: number): Image {
  const [row, column] = [4 + below(8), 4 + below(8)]
  const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => {
    const dy = Math.abs((Math.floor(i / SIDE) % SIDE) - row)
    const dx = Math.abs((i % SIDE) - column)
    const isBright = label === 0 ? Math.max(dy, dx) < 4 && dy * dx === 0 : Math.max(dy, dx) === 3
    return (isBright ? 160 : 40) + below(60)
  })
  return { shape: [3, SIDE, SIDE], data }
}
function part(name: string, count: number) {
  const labels = Array.from({ length: count }, (_, n) => n % 2)
  return memoryDataset({ name: `crosses ${name}`, classes: ['cross', 'frame'], pictures: labels.map(draw), labels })
}
const data = { train: part('train', 800), test: part('test', 200) }

// The network as plain data: what is left out of a layer is its default.
const model = defineModel({
  name: 'small',
  inputShape: [3, SIDE, SIDE],
  features: [
    { kind: 'conv2d', filters: 8, kernel: 5, padding: 2, weight: { initial: { kind: 'he' } } },
    { kind: 'relu' },
    { kind: 'max-pool', kernel: 4, stride: 4 },
  ],
  classifier: [{ kind: 'linear', outputs: 2 }],
})

const training = { epochs: Number(epochs), batchSize: 20 }
const begun = existsSync(folder)
  ? { resume: folder, recipe: { training } }
  : { out: folder, model, recipe: { training, optimizer: { rate: 0.02 } } }
const { run, test } = await runTraining({ ...begun, data, afterwards: writeReport })
console.log(`${run}: ${((test?.top1 ?? 0) * 100).toFixed(1)} % of the test pictures; see ${run}/report.html`)
