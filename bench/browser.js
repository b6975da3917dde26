/**
 * Training in a tab, beside TensorFlow.js in the same Chromium: `npm ci && npm ci --prefix bench && node bench/browser.js`.
 * Each measurement has a page and a worker of its own; they take turns. Prints a line for each, then the ratio of this
 * library to TensorFlow.js's best backend.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: '80sec' },
    'batch-size': { type: 'string', default: '128' },
    threads: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    backends: { type: 'string', default: 'webgl,cpu,webgpu' },
    /** TensorFlow.js's batches: on a processor a step of 128 pictures takes minutes there. */
    'peer-batch-size': { type: 'string', default: '128' },
    'peer-timeout': { type: 'string', default: '300' },
    chromium: { type: 'string' },
  },
})
const executablePath =
  values.chromium ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((place) => existsSync(place))
if (!executablePath) throw new Error('no Chromium was found: `apt install chromium`, or name one with --chromium')

const runtimeFolder = fileURLToPath(new URL('../node_modules/onnxruntime-web/dist', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'alexnet-bench-'))
await build({
  entryPoints: [fileURLToPath(new URL('browser-worker.js', import.meta.url))],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  outdir: folder,
  logLevel: 'error',
  // Modules of Node that TensorFlow.js asks for only there.
  external: ['crypto', 'fs', 'util', 'string_decoder'],
})
await writeFile(join(folder, 'index.html'), '<!doctype html><title>bench</title>')

const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' }
const server = createServer(async ({ url }, response) => {
  const path = new URL(url, 'http://localhost').pathname
  const file = path.startsWith('/ort/') ? join(runtimeFolder, path.slice(5)) : join(folder, path)
  const content = await readFile(file).catch(() => undefined)
  if (!content) return response.writeHead(404).end()
  const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
  response
    .writeHead(200, { ...isolated, 'Content-Type': types[extname(path)] ?? 'application/octet-stream' })
    .end(content)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const browser = await chromium.launch({
  executablePath,
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    // Graphics in software where there is no card.
    '--enable-unsafe-swiftshader',
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
  ],
})

async function measure(settings, timeoutSeconds) {
  const page = await browser.newPage()
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/index.html`)
    return await page.evaluate(
      ([task, milliseconds]) =>
        new Promise((resolve) => {
          const worker = new Worker('/browser-worker.js', { type: 'module' })
          worker.onmessage = ({ data }) => resolve(data)
          worker.onerror = ({ message }) => resolve({ problem: message || 'the worker does not start' })
          setTimeout(() => resolve({ problem: `no step within ${milliseconds / 1000} seconds` }), milliseconds)
          worker.postMessage(task)
        }),
      [settings, 1000 * timeoutSeconds],
    )
  } finally {
    await page.close()
  }
}

const { model } = values
const [batchSize, peerBatchSize, threads, seconds, rounds, peerTimeout] = [
  'batch-size',
  'peer-batch-size',
  'threads',
  'seconds',
  'rounds',
  'peer-timeout',
].map((key) => Number(values[key]))
const contestants = [
  { name: `alexnet, wasm, ${threads} threads`, settings: { model, batchSize, threads, seconds, device: 'cpu' } },
  ...values.backends.split(',').map((backend) => ({
    name: `TensorFlow.js, ${backend}`,
    settings: { model, batchSize: peerBatchSize, seconds, backend },
  })),
]
const speeds = new Map()
try {
  for (let round = 1; round <= rounds; round++)
    for (const { name, settings } of contestants) {
      if (speeds.get(name) === null) continue
      const timeout = settings.backend ? peerTimeout : 600
      const { imagesPerSecond, steps, problem } = await measure(settings, timeout)
      if (problem) {
        console.log(`${name}, train ${model}, batch ${settings.batchSize}: ${problem}`)
        speeds.set(name, null)
        continue
      }
      console.log(
        `round ${round}: ${name}, train ${model}, batch ${settings.batchSize}: ${imagesPerSecond.toPrecision(4)} images/s (${steps} steps)`,
      )
      speeds.set(name, [...(speeds.get(name) ?? []), imagesPerSecond])
    }
} finally {
  await browser.close()
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true, force: true })
}
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const medians = [...speeds].flatMap(([name, all]) => (all ? [{ name, speed: median(all) }] : []))
const ours = medians.find(({ name }) => name.startsWith('alexnet'))
const best = medians.filter((each) => each !== ours).sort((a, b) => b.speed - a.speed)[0]
if (ours && best)
  console.log(
    `${ours.name}: ${ours.speed.toPrecision(4)} images/s, ${(ours.speed / best.speed).toPrecision(3)} times ${best.name} (${best.speed.toPrecision(4)})`,
  )
