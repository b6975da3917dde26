/**
 * What it costs to decode photographs while training: the same training from files that are decoded at every use, and on
 * pictures that lie decoded in memory, in turns.
 *
 *     node bench/pictures.js FOLDER                      # the recipe `pictures`, one epoch each, two rounds
 *     node bench/pictures.js FOLDER --width 1 --rounds 3
 *
 * It needs the built package (`npm run build`), whose worker threads prepare the batches.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readRecipe, runTraining, selectEngine } from '../dist/node.js'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string' },
    epochs: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '2' },
    workers: { type: 'string', default: '1' },
  },
})
const [folder] = positionals
if (folder === undefined) throw new Error('Give a folder of pictures: node bench/pictures.js FOLDER')

const recipe = await readRecipe('pictures')
const engine = await selectEngine('auto')
const settings = {
  ...recipe,
  model: { ...recipe.model, ...(values.width !== undefined && { width: Number(values.width) }) },
  training: { ...recipe.training, epochs: Number(values.epochs) },
}
const speeds = { none: [], memory: [] }
for (let round = 0; round < Number(values.rounds); round++)
  for (const cache of ['none', 'memory']) {
    const place = await mkdtemp(join(tmpdir(), 'alexnet-bench-'))
    const { imagesPerSecond, waitingShare } = await runTraining({
      recipe: settings,
      engine,
      dataDirectory: folder,
      pictures: { cache },
      workers: Number(values.workers),
      out: join(place, 'run'),
    })
    await rm(place, { recursive: true })
    speeds[cache].push(imagesPerSecond)
    const where = cache === 'none' ? 'decoded at every use' : 'in memory           '
    console.log(
      `${where}  ${imagesPerSecond.toFixed(1)} images/s, the engine waited ${(100 * waitingShare).toFixed(1)} % of the time`,
    )
  }
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]
console.log(`${engine.engine.name}: ${(median(speeds.none) / median(speeds.memory)).toFixed(3)} of the speed in memory`)
