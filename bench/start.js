// The first result: how long whole cold processes take until they answer. Each line of the table is a command line of its
// own, started anew each time; see docs/performance.md.
//
//   npm run build && node bench/start.js [--rounds 7] [--only TEXT] [--engine onednn,onnx] [--threads N] [--program FILE]
//     [--picture FILE] [--json]
//
// `answer` is the time to the first output that a person waits for (the prediction, the first step, the answer to a
// request), `end` that to the end of the process, of commands that end by themselves; `processor` is the user's and the
// system's time of the whole process, with its threads (Linux). Medians, and the least of all rounds.
//
// Networks have random weights. Without --picture: a photograph of imagenette-small in the data folder, if it is there,
// else noise.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { dataDirectory } from '../dist/node.js'
import { randomNetwork } from './random-network.js'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: '' },
    engine: { type: 'string', default: 'onednn,onnx' },
    threads: { type: 'string', default: String(availableParallelism()) },
    program: { type: 'string', default: fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)) },
    picture: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const engines = flags.engine.split(',')
const CLASSES = ['first', 'second', 'third']

const folder = await mkdtemp(join(tmpdir(), 'alexnet-start-'))
try {
  await main()
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function main() {
  const cases = (await allCases()).filter(({ name }) => name.includes(flags.only))
  const measured = new Map(cases.map(({ name }) => [name, []]))
  // In turns, so that a busy minute is shared by all. What the first round finds on the disk the others find in memory.
  for (let round = 0; round <= Number(flags.rounds); round++) {
    for (const { name, args, until } of cases) {
      process.stderr.write(`${round === 0 ? 'once before' : `round ${round}`}: ${name}\n`)
      const times = await measure(args(round), until)
      if (round > 0) measured.get(name).push(times)
    }
  }
  const rows = [...measured].map(([name, rounds]) => ({ name, ...summary(rounds) }))
  if (flags.json) console.log(JSON.stringify(rows))
  else print(rows)
}

/** What is started, and when it has answered. */
async function allCases() {
  const photograph = await picturePath()
  const alexnet = await randomNetwork(folder, 'alexnet', 224, classNames(1000))
  const small = await randomNetwork(folder, 'alexnet-cifar', 32, classNames(CLASSES.length))
  const pictures = join(folder, 'pictures')
  for (const name of CLASSES) {
    await mkdir(join(pictures, name), { recursive: true })
    for (let n = 0; n < 20; n++) await writeFile(join(pictures, name, `${n}.jpg`), await noise(n))
  }
  const plain = (name, ...args) => ({ name, args: () => args, until: output })
  const computing = (name, args, until = output) =>
    engines.map((engine) => ({
      name: `${name}, ${engine}`,
      args: (round) => [...args(round), '--engine', engine, '--threads', flags.threads],
      until,
    }))
  const training = (name, ...args) => {
    const out = (round) => join(folder, `${name.replaceAll(/\W+/g, '-')}-${round}`)
    return engines.map((engine) => ({
      name: `train ${name}, ${engine}`,
      args: (round) => [
        ...['train', ...args, '--no-report', '--out', `${out(round)}-${engine}`],
        ...['--engine', engine, '--threads', flags.threads],
      ],
      until: firstStep,
    }))
  }
  return [
    plain('--version', '--version'),
    plain('--help', '--help'),
    plain('train --help', 'train', '--help'),
    ...computing('predict, alexnet-cifar', () => ['predict', small, photograph]),
    ...computing('predict, alexnet 224', () => ['predict', alexnet, photograph]),
    ...computing('evaluate 60 pictures, alexnet-cifar', () => ['evaluate', small, pictures]),
    ...computing('serve, alexnet-cifar', () => ['serve', small, '--port', '0'], firstAnswer(photograph)),
    ...computing('serve, alexnet 224', () => ['serve', alexnet, '--port', '0'], firstAnswer(photograph)),
    ...training('shapes', 'shapes'),
    ...(existsSync(join(dataDirectory(), 'cifar-10-batches-bin')) ? training('cifar10', 'cifar10') : []),
    ...training('60 pictures', pictures),
  ]
}

/** One process: milliseconds to its answer and to its end, and of the processor. */
async function measure(args, until) {
  const before = childrenTime()
  const start = performance.now()
  const child = spawn(process.execPath, [flags.program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  const exited = new Promise((resolve) => child.on('close', resolve))
  const lives = { still: true }
  exited.then(() => {
    lives.still = false
  })
  await Promise.race([until(child, args, lives), exited.then((code) => code !== 0 && fail(args, errors))])
  const answer = performance.now() - start
  const endsItself = until === output
  if (!endsItself) child.kill('SIGKILL')
  const code = await exited
  if (endsItself && code !== 0) fail(args, errors)
  const end = endsItself ? performance.now() - start : undefined
  const after = childrenTime()
  return { answer, end, processor: after === undefined ? undefined : after - before }
}

function fail(args, errors) {
  throw new Error(`alexnet ${args.join(' ')} has failed: ${errors}`)
}

/** The first output. */
function output(child) {
  return new Promise((resolve) => child.stdout.once('data', resolve))
}

/** The first line of the metrics, which a run writes with its first step. */
async function firstStep(_, args, lives) {
  const file = join(args[args.indexOf('--out') + 1], 'metrics.jsonl')
  while (lives.still && !(existsSync(file) && readFileSync(file).length > 0)) await sleep(2)
}

/** The answer to a picture that is sent as soon as the server listens. */
function firstAnswer(photograph) {
  return async (child) => {
    let said = ''
    const url = await new Promise((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text) => {
        said += text
        const [, found] = /Listening on (\S+)\. /.exec(said) ?? []
        if (found) resolve(found)
      })
    })
    const body = readFileSync(photograph)
    const response = await fetch(`${url}/v1/predict`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'image/jpeg' },
    })
    if (!response.ok) throw new Error(await response.text())
    await response.text()
  }
}

/** Milliseconds of the processor of all processes that were started here and have ended; Linux. */
function childrenTime() {
  if (process.platform !== 'linux') return undefined
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15)
  return 10 * (Number(user) + Number(system))
}

function summary(rounds) {
  return {
    answer: middle(rounds.map(({ answer }) => answer)),
    least: Math.round(Math.min(...rounds.map(({ answer }) => answer))),
    end: middle(rounds.map(({ end }) => end)),
    processor: middle(rounds.map(({ processor }) => processor)),
  }
}

function middle(values) {
  if (values.includes(undefined)) return undefined
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)])
}

function print(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length))
  const line = (name, ...cells) =>
    console.log([name.padEnd(width), ...cells.map((cell) => cell.padStart(9))].join('  '))
  line('milliseconds', 'answer', 'least', 'end', 'processor')
  for (const { name, answer, least, end, processor } of rows)
    line(name, ...[answer, least, end, processor].map((value) => (value === undefined ? '' : String(value))))
}

function classNames(count) {
  return Array.from({ length: count }, (_, i) => CLASSES[i] ?? `class ${i}`)
}

async function picturePath() {
  if (flags.picture !== undefined) return flags.picture
  const file = join(folder, 'picture.jpg')
  const photographs = join(dataDirectory(), 'imagenette-small', 'val')
  const [first] = existsSync(photographs)
    ? readdirSync(photographs, { recursive: true, withFileTypes: true }).filter((entry) => /\.jpe?g$/i.test(entry.name))
    : []
  if (first) await copyFile(join(first.parentPath, first.name), file)
  else await writeFile(file, await noise(0))
  return file
}

function noise(seed) {
  return sharp({
    create: {
      ...{ width: 224, height: 224, channels: 3, background: 'gray' },
      noise: { type: 'gaussian', mean: 128, sigma: 40 + seed },
    },
  })
    .blur(1)
    .jpeg({ quality: 90 })
    .toBuffer()
}
