/**
 * The accuracies of docs/results.md. It trains each line of `results/experiments.ts` to its end, measures it,
 * notes it in docs/results.json, and writes the tables anew from there.
 *
 *     npm run build && npm run results -- [ID…] [--seeds 1,2,3] [--threads N] [--engine auto] [--out runs/results]
 *       [--list] [--render]
 *
 * Without IDs: all that has no result yet. A run that was stopped goes on where it was, exactly; what is noted already is
 * trained again only when its entry is taken out of docs/results.json. `--render` only writes the tables.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Experiment, experiments } from './results/experiments.js'
import { type Result, readResults, resultsFile } from './results/result.js'
import { tablesOf, withTable } from './results/tables.js'
import { workOf } from './results/work.js'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const program = file('../dist/cli/main.js')

const { values: flags, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    engine: { type: 'string', default: 'auto' },
    out: { type: 'string', default: 'runs/results' },
    list: { type: 'boolean', default: false },
    render: { type: 'boolean', default: false },
  },
})

const unknown = asked.find((id) => !experiments.some((experiment) => experiment.id === id))
if (unknown !== undefined) {
  console.error(`there is no experiment '${unknown}': --list shows them`)
  process.exitCode = 2
} else if (flags.list) for (const { id, train, seeds } of experiments) console.log(`${id} (seeds ${seeds}): ${train}`)
else {
  if (!flags.render) await measureAll()
  writeTables()
}

async function measureAll(): Promise<void> {
  for (const experiment of experiments) {
    if (asked.length > 0 && !asked.includes(experiment.id)) continue
    for (const seed of flags.seeds?.split(',').map(Number) ?? experiment.seeds) {
      if (readResults().some(({ id, seed: known }) => id === experiment.id && known === seed)) continue
      console.log(`${experiment.id}, seed ${seed}`)
      const result = await measure(experiment, seed)
      writeFileSync(resultsFile, `${JSON.stringify([...readResults(), result], null, 2)}\n`)
      writeTables()
    }
  }
}

async function measure({ id, train, evaluate }: Experiment, seed: number): Promise<Result> {
  const run = `${flags.out}/${id}-${seed}`
  const computing = ['--engine', flags.engine, '--threads', flags.threads]
  const told = ['--seed', String(seed), '--out', run]
  // A folder without a checkpoint is of a run that was stopped before its first step.
  const isBegun = existsSync(`${run}/last.safetensors`)
  const begun = isBegun ? ['train', '--resume', run] : ['train', ...train.split(' '), ...told]
  const { epochs } = JSON.parse(await alexnet([...begun, ...computing, '--no-report', '--json']))
  const views = []
  for (const options of evaluate) {
    const evaluated = await alexnet(['evaluate', run, ...options.split(' ').filter(Boolean), ...computing, '--json'])
    const { top1, top5, images } = JSON.parse(evaluated)
    views.push({ options, top1, top5, images })
  }
  const { seconds, imagesPerSecond, start } = workOf(readFileSync(`${run}/timing.jsonl`, 'utf8'))
  const { engine, precision, threads, machine, at } = start
  const instructions = process.env.ONEDNN_MAX_CPU_ISA
  return {
    ...{ id, seed, views, epochs, seconds: Math.round(seconds), imagesPerSecond: Math.round(imagesPerSecond) },
    ...{ engine, precision, threads, processor: machine.processor, ...(instructions && { instructions }) },
    date: at.slice(0, 10),
  }
}

function writeTables(): void {
  for (const [path, tables] of Object.entries(tablesOf(experiments, readResults())))
    writeFileSync(path, withTable(readFileSync(path, 'utf8'), tables))
}

/** Runs the program and gives its standard output; what it tells on the way is shown. */
function alexnet(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`alexnet ${args.join(' ')}: ${code}`)),
    )
  })
}
