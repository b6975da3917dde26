// What a trained network that has not seen the classes is worth where there are few pictures: three classes of 60
// photographs, learnt by `alexnet train ./photos --weights BASE` and from scratch, measured on 300 others.
//
//   npm run build && node bench/fine-tune-from-box.js [--pictures FOLDER] [--work FOLDER] [--base RUN] [--seeds 3]
//     [--fine-tune='OPTIONS'] [--scratch='OPTIONS'] [--epochs 45] [--threads N] [--engine NAME] [--only fine-tuned|scratch] [--json]
//
// FOLDER is imagenette, `train/` and `val/` with a folder for each class; default: imagenette-small in the data folder. The
// base has learnt the seven other classes: without --base it is trained first, AlexNet at half width with a small head, on
// pictures of 128×128, for so many epochs. What is there in --work is taken as it is, so a run that was stopped goes on.
// OPTIONS are handed to `alexnet train`; from scratch that is `--image-size 128`, the size that the base sees.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createModel } from '../dist/index.js'
import { dataDirectory, formatRecipe, readRecipe } from '../dist/node.js'

/** Folders of imagenette whose classes the base has not seen: church, French horn, golf ball. */
const held = ['n03028079', 'n03394916', 'n03445777']
const PICTURES = 60
const SIDE = 128

const { values: flags } = parseArgs({
  options: {
    pictures: { type: 'string', default: join(dataDirectory(), 'imagenette-small') },
    work: { type: 'string', default: join(tmpdir(), 'alexnet-fine-tune') },
    base: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    'fine-tune': { type: 'string', default: '' },
    scratch: { type: 'string', default: `--image-size ${SIDE}` },
    epochs: { type: 'string', default: '45' },
    threads: { type: 'string', default: String(availableParallelism()) },
    engine: { type: 'string', default: 'auto' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const work = resolve(flags.work)
const folder = (name) => join(work, name)
const computing = ['--engine', flags.engine, '--threads', flags.threads]

makeFolders()
const base = flags.base ?? (await trainBase())
const ways = [
  { name: 'fine-tuned', options: ['--weights', base, ...words(flags['fine-tune'])] },
  { name: 'scratch', options: words(flags.scratch) },
].filter(({ name }) => flags.only === undefined || flags.only === name)
const rows = []
for (const { name, options } of ways)
  for (let seed = 1; seed <= Number(flags.seeds); seed++)
    rows.push({ name, seed, ...(await measure(name, options, seed)) })
report()

/** The folders are links to those of the data set. */
function makeFolders() {
  for (const part of ['train', 'val'])
    for (const name of readdirSync(join(flags.pictures, part))) {
      const from = join(resolve(flags.pictures), part, name)
      if (!held.includes(name)) link(from, join(folder('seven'), part, name))
      else if (part === 'val') link(from, join(folder('others'), name))
      else
        for (const file of readdirSync(from).sort().slice(0, PICTURES))
          link(join(from, file), join(folder('photos'), name, file))
    }
}

function link(from, to) {
  mkdirSync(join(to, '..'), { recursive: true })
  if (!existsSync(to)) symlinkSync(from, to)
}

async function trainBase() {
  const run = folder('base')
  if (existsSync(join(run, 'report.html'))) return run
  const pictures = await readRecipe('pictures')
  const recipe = {
    ...pictures,
    model: smallHeaded(),
    data: {
      ...pictures.data,
      size: SIDE,
      augmentation: pictures.data.augmentation.map((one) => ('size' in one ? { ...one, size: SIDE } : one)),
    },
    training: { ...pictures.training, epochs: Number(flags.epochs) },
  }
  writeFileSync(folder('seven.yaml'), formatRecipe(recipe))
  const begin = existsSync(run)
    ? ['--resume', run]
    : [folder('seven'), '--recipe', folder('seven.yaml'), '--out', run, '--follow-links']
  await alexnet(['train', ...begin, ...computing])
  return run
}

/** AlexNet at half width with batch normalisation, and a hidden layer of 256 units in place of two of 2,048. */
function smallHeaded() {
  const { features } = createModel('alexnet', {}, { width: 0.5, norm: 'batch', initial: 'fan-in' })
  const dropout = { kind: 'dropout', rate: 0.5 }
  const classifier = [
    dropout,
    { kind: 'linear', outputs: 256 },
    { kind: 'relu' },
    dropout,
    { kind: 'linear', outputs: 7 },
  ]
  return { name: 'half-alexnet', features, classifier }
}

/** Trains once, as a person would, and measures what comes out on pictures that were not there. */
async function measure(name, options, seed) {
  const run = folder(`${name}-${seed}`)
  const start = performance.now()
  if (!existsSync(run))
    await alexnet([
      ...['train', folder('photos'), ...options, '--seed', String(seed), '--out', run],
      ...['--follow-links', '--no-report', ...computing],
    ])
  const seconds = (performance.now() - start) / 1000
  const { top1, loss } = JSON.parse(
    await alexnet(['evaluate', run, folder('others'), '--follow-links', '--json', ...computing]),
  )
  return { top1, loss, seconds }
}

function alexnet(args) {
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`alexnet ${args.join(' ')}: ${code}\n${output}`)),
    )
  })
}

function words(text) {
  return text.split(' ').filter((word) => word !== '')
}

function report() {
  if (flags.json) {
    console.log(JSON.stringify({ base, rows }))
    return
  }
  const percent = (share) => `${(100 * share).toFixed(1)} %`
  console.log(`\nbase: ${base}; ${PICTURES} pictures of each of ${held.length} classes, measured on the others\n`)
  console.log('| way | seed | test accuracy | loss | seconds |\n| --- | --- | --- | --- | --- |')
  for (const { name, seed, top1, loss, seconds } of rows)
    console.log(`| ${name} | ${seed} | ${percent(top1)} | ${loss.toFixed(3)} | ${seconds.toFixed(0)} |`)
  for (const { name } of ways) {
    const own = rows.filter((row) => row.name === name).map(({ top1 }) => top1)
    console.log(`| ${name} | mean | ${percent(own.reduce((sum, value) => sum + value, 0) / own.length)} | | |`)
  }
}
