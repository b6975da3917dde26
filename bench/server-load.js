// What `alexnet serve` takes: a load from this process at twice what the engine can do, beside the engine's own batched
// inference in the same run. Numbers in docs/performance.md.
//
//   npm run build && node bench/server-load.js [--seconds 60] [--times 2] [--batch-size 32] [--engine auto] [--threads N]
//     [--precision float32] [--pictures FOLDER] [--run RUN] [--json]
//
// Without --run: AlexNet at 224×224 with 1,000 classes and random weights. Without --pictures: the validation photographs
// of imagenette-small in the data folder, if they are there, else noise.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { classifier } from '../dist/index.js'
import { dataDirectory, readCheckpoint, selectEngine } from '../dist/node.js'
import { randomNetwork } from './random-network.js'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    times: { type: 'string', default: '2' },
    'batch-size': { type: 'string', default: '32' },
    engine: { type: 'string', default: 'auto' },
    threads: { type: 'string', default: String(availableParallelism()) },
    precision: { type: 'string', default: 'float32' },
    pictures: { type: 'string' },
    run: { type: 'string' },
    json: { type: 'boolean', default: false },
    /** Measures the engine alone, in a process of its own, and prints images/s. */
    measure: { type: 'string' },
  },
})
const seconds = Number(flags.seconds)
const batchSize = Number(flags['batch-size'])

if (flags.measure !== undefined) {
  console.log(await engineSpeed(flags.measure))
} else {
  const folder = await mkdtemp(join(tmpdir(), 'alexnet-load-'))
  try {
    await main(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Progress goes to the standard error, the table to the standard output. */
function say(line) {
  process.stderr.write(`${line}\n`)
}

async function main(folder) {
  const classes = Array.from({ length: 1000 }, (_, i) => `class ${i}`)
  const run = flags.run ?? (await randomNetwork(folder, 'alexnet', 224, classes))
  const pictures = await loadPictures()
  say('the engine alone …')
  const before = await measureEngine(run)
  say(`${before.toFixed(1)} images/s; the server starts …`)
  const server = await startServer(run)
  try {
    say(`${server.url}; a little load, then requests one by one …`)
    await load(server, pictures, { rate: before, seconds: Math.min(5, seconds / 4) })
    const alone = await oneByOne(server, pictures, Math.min(10, seconds / 4))
    say(`${flags.times} times what the engine can do, for ${seconds} s …`)
    const result = await load(server, pictures, { rate: Number(flags.times) * before, seconds })
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    server.child.kill('SIGTERM')
    const code = await server.exited
    say('the engine alone again …')
    const after = await measureEngine(run)
    report({ before, after, alone, result, metrics, code, pictures })
  } finally {
    server.child.kill('SIGKILL')
  }
}

function report({ before, after, alone, result, metrics, code, pictures }) {
  const engine = (before + after) / 2
  const throughput = result.latencies.length / result.seconds
  const value = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1])
  const meanOf = (name) => value(`${name}_sum`) / value(`${name}_count`)
  const [first, last, most] = [result.memory[0], result.memory.at(-1), Math.max(...result.memory)]
  const facts = {
    'engine alone, images/s': `${engine.toFixed(1)} (before ${before.toFixed(1)}, after ${after.toFixed(1)}), batch ${batchSize}`,
    'offered, requests/s': `${result.offered.toFixed(1)} for ${result.seconds.toFixed(0)} s`,
    'answered with 200, images/s': throughput.toFixed(1),
    'ratio to the engine': (throughput / engine).toFixed(2),
    'latency under this load, ms': `p50 ${percentile(result.latencies, 0.5)}, p99 ${percentile(result.latencies, 0.99)}`,
    'latency one by one, ms': `p50 ${percentile(alone, 0.5)}, p99 ${percentile(alone, 0.99)}`,
    'answers by status': JSON.stringify(result.statuses),
    'failed connections': String(result.failures),
    'mean batch, pictures': meanOf('alexnet_batch_pictures').toFixed(1),
    'mean batch, ms': (1000 * meanOf('alexnet_batch_seconds')).toFixed(1),
    'mean decoding, ms': (1000 * meanOf('alexnet_decode_seconds')).toFixed(1),
    'memory of the server, MiB': `${first.toFixed(0)} at first, ${last.toFixed(0)} at the end, ${most.toFixed(0)} at most`,
    'processor time of this load, cores': result.cores.toFixed(2),
    pictures: `${pictures.length}, mean ${(pictures.reduce((sum, { length }) => sum + length, 0) / pictures.length / 1000).toFixed(1)} kB`,
    'exit code after SIGTERM': String(code),
  }
  if (flags.json) console.log(JSON.stringify(facts))
  else for (const [name, fact] of Object.entries(facts)) console.log(`${name.padEnd(36)} ${fact}`)
}

/** Sends requests at an even rate, whether they are answered or not: what many independent clients do. */
async function load(server, pictures, { rate, seconds }) {
  const agent = new Agent({ keepAlive: true })
  const statuses = {}
  const latencies = []
  const memory = []
  let [failures, sent, flying] = [0, 0, 0]
  const start = performance.now()
  const usage = process.cpuUsage()
  let nextMemory = start + 1000
  for (let now = start; now < start + 1000 * seconds; now = performance.now()) {
    for (const due = ((now - start) / 1000) * rate; sent < due; sent++) {
      flying++
      const begin = performance.now()
      post(server.url, agent, pictures[sent % pictures.length])
        .then(
          (status) => {
            statuses[status] = (statuses[status] ?? 0) + 1
            if (status === 200) latencies.push(performance.now() - begin)
          },
          () => failures++,
        )
        .finally(() => flying--)
    }
    if (now > nextMemory) {
      nextMemory += 1000
      memory.push(memoryOf(server.child.pid))
    }
    await sleep(2)
  }
  const { user, system } = process.cpuUsage(usage)
  // What is under way belongs to it, and so does the time that it takes.
  while (flying > 0) await sleep(5)
  const took = (performance.now() - start) / 1000
  agent.destroy()
  return {
    statuses,
    latencies,
    memory,
    failures,
    offered: sent / seconds,
    seconds: took,
    cores: (user + system) / 1e6 / seconds,
  }
}

async function oneByOne(server, pictures, seconds) {
  const agent = new Agent({ keepAlive: true })
  const latencies = []
  const end = performance.now() + 1000 * seconds
  for (let i = 0; performance.now() < end; i++) {
    const begin = performance.now()
    await post(server.url, agent, pictures[i % pictures.length])
    latencies.push(performance.now() - begin)
  }
  agent.destroy()
  return latencies
}

function post(url, agent, body) {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/v1/predict`,
      { method: 'POST', agent, headers: { 'content-type': 'image/jpeg', 'content-length': body.length } },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode))
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Resident memory in MiB; Linux. */
function memoryOf(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1)
}

async function startServer(run) {
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
  const child = spawn(
    process.execPath,
    [main, 'serve', run, '--port', '0', '--batch-size', String(batchSize), ...computing()],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exited = new Promise((resolve) => child.on('exit', resolve))
  let output = ''
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += text
    const [, url] = /Listening on (\S+)\. /.exec(output) ?? []
    if (url) {
      child.stdout.resume()
      return { child, url, exited }
    }
  }
  throw new Error(`the server did not start: ${output}`)
}

function computing() {
  return ['--engine', flags.engine, '--threads', flags.threads, '--precision', flags.precision]
}

/** Images/s of the engine alone, in a process of its own. */
async function measureEngine(run) {
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), '--measure', run, '--batch-size', String(batchSize), ...computing()],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  for await (const text of child.stdout.setEncoding('utf8')) output += text
  return Number(output)
}

async function engineSpeed(run) {
  const { engine } = await selectEngine(flags.engine)
  const { model, state } = await readCheckpoint(run)
  const net = await classifier(engine, model, { batchSize, threads: Number(flags.threads), precision: flags.precision })
  await net.load(state)
  const images = new Float32Array(batchSize * model.inputShape.reduce((a, b) => a * b)).map(() => Math.random() - 0.5)
  await net.classify(images, batchSize)
  const start = performance.now()
  let batches = 0
  for (; performance.now() - start < 8000 || batches < 3; batches++) await net.classify(images, batchSize)
  const speed = (1000 * batches * batchSize) / (performance.now() - start)
  await net.dispose()
  return speed
}

/** Picture files, in memory. */
async function loadPictures() {
  const folder = flags.pictures ?? join(dataDirectory(), 'imagenette-small', 'val')
  if (flags.pictures === undefined && !existsSync(folder))
    return Promise.all(Array.from({ length: 50 }, (_, i) => noise(i)))
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name))
    .slice(0, 500)
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
}

function noise(seed) {
  return sharp({
    create: {
      width: 224,
      height: 224,
      channels: 3,
      background: 'gray',
      noise: { type: 'gaussian', mean: 128, sigma: 40 + seed },
    },
  })
    .blur(1)
    .jpeg({ quality: 90 })
    .toBuffer()
}
