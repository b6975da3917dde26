// Makes a network of the zoo of a run: `zoo/NAME.safetensors`, and in `zoo/NAME.json` what is measured from that file. What
// the card says in words stays as it is there.
//
//   npm run build && node scripts/zoo.js NAME RUN [--command 'alexnet train …'] [--photographs FOLDER] [--views 1,2]
//     [--most COUNT]
//
// COUNT is for a try: as many pictures are measured. FOLDER is imagenette (default: imagenette-small in the data folder), with its val/; CIFAR-10 lies in the data folder.
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { fileSha256 } from '../dist/data/node/file-sha256.js'
import { summarise } from '../dist/index.js'
import { readCheckpoint } from '../dist/node.js'
import { encodeCheckpoint, networkState } from '../dist/runs/checkpoint.js'
import { zooCardFile, zooFile, zooName } from '../dist/runs/node/zoo-files.js'
import { zooCardSchema } from '../dist/runs/zoo-card.js'
import { imagenette, imagenetteFolder, measure } from './zoo/measure.js'

/** @import { Checkpoint } from '../dist/runs/checkpoint.js' */

/** What is downloaded with every installation is to stay small. */
const MOST_BYTES = 4_000_000

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    command: { type: 'string' },
    photographs: { type: 'string' },
    views: { type: 'string', default: '1' },
    most: { type: 'string', default: '1000000' },
  },
})
const [name, run] = [zooName(positionals[0] ?? ''), positionals[1]]
if (run === undefined) throw new Error('node scripts/zoo.js NAME RUN')

const trained = await readCheckpoint(run)
await writeNetwork(trained)
const file = zooFile(name)
const written = await readCheckpoint(file)
const bytes = (await readFile(file)).length
if (bytes > MOST_BYTES) throw new Error(`${file} has ${bytes} bytes, and may have ${MOST_BYTES}`)
const before = JSON.parse(await readFile(zooCardFile(name), 'utf8'))
const views = flags.views.split(',').map((text) => /** @type {1} */ (Number(text)))
const measured = await measure(name, written, {
  photographs: imagenetteFolder(flags.photographs),
  ...{ views, most: Number(flags.most) },
})
const card = zooCardSchema.parse({
  ...{ name, about: before.about },
  file: { name: basename(file), bytes, sha256: await fileSha256(file) },
  model: written.model.name,
  parameters: summarise(written.model).parameters,
  imageSize: written.model.inputShape[1],
  classes: written.classes,
  ...measured,
  training: { about: trainingOf(trained), command: flags.command ?? before.training.command },
  ...{ data: before.data, limits: before.limits },
})
await writeFile(zooCardFile(name), `${JSON.stringify(card, null, 2)}\n`)
console.log(JSON.stringify({ bytes, parameters: card.parameters, ...measured }, null, 2))

/**
 * Parameters (their averages, where the run keeps any) and statistics, the large ones as float16; no kernels of this machine.
 * @param {Checkpoint} checkpoint
 */
async function writeNetwork({ model, classes, preprocessing, recipe, progress, state }) {
  const tensors = networkState(model, state)
  // Biases and what normalises are few, and variances may be too large or too small for float16.
  const halves = Object.keys(tensors).filter((key) => tensors[key].shape.length > 1)
  const { weights: _, claim: __, ...settings } = recipe
  const checkpoint = {
    ...{ model, preprocessing, progress, recipe: settings, state: tensors },
    classes: classes.map((one) => imagenette.get(one) ?? one),
  }
  await writeFile(zooFile(name), Buffer.concat(encodeCheckpoint(checkpoint, new Set(halves))))
}

/** @param {Checkpoint} checkpoint */
function trainingOf({ recipe, progress }) {
  const { epochs, batchSize } = recipe.training
  const { kind, rate, average } = recipe.optimizer
  const augmentation = recipe.data.augmentation.map((transform) => transform.kind).join(', ')
  return [
    `${progress.epoch} of ${epochs} epochs, ${progress.step} steps of ${batchSize} pictures`,
    `${kind} at a rate of ${rate}, ${recipe.schedule.kind}`,
    ...(average ? [`averaged by ${average}`] : []),
    ...(augmentation ? [`augmented by ${augmentation}`] : []),
  ].join('; ')
}
