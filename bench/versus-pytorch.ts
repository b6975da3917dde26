/**
 * Compares this library with PyTorch on the same machine, in turns (A B A B), so that a noisy machine stays fair:
 *
 *     npx tsx bench/versus-pytorch.ts [--rounds 2] [--seconds 10] [--threads 2] [--python python3]
 *
 * PyTorch needs a real BLAS for a fair comparison (Debian: python3-torch and libopenblas0-pthread).
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

interface Measurement {
  readonly imagesPerSecond: number
  readonly peakMemoryBytes: number
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '10' },
    threads: { type: 'string', default: '2' },
    python: { type: 'string', default: 'python3' },
    engine: { type: 'string', default: 'auto' },
  },
})

const cases = [
  { task: 'train', model: '18pct', batchSize: 128 },
  { task: 'train', model: 'alexnet-cifar', batchSize: 128 },
  { task: 'train', model: 'alexnet', batchSize: 128 },
  { task: 'train', model: 'alexnet', batchSize: 32 },
  { task: 'infer', model: 'alexnet', batchSize: 128 },
] as const

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

function measure(command: string, args: readonly string[]): Measurement {
  const output = execFileSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: values.threads },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(output.trim().split('\n').at(-1)!) as Measurement
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

console.log(
  `${cpus()[0].model}, ${values.threads} threads, Node ${process.versions.node}; images/s, median of ${values.rounds} runs\n`,
)
console.log(
  '| task | batch | alexnet | PyTorch default | PyTorch channels_last | ratio to default | ratio to best | memory | PyTorch memory |',
)
console.log('|---|---|---|---|---|---|---|---|---|')
for (const { task, model, batchSize } of cases) {
  const common = ['--task', task, '--model', model, '--batch-size', String(batchSize)]
  const settings = [...common, '--threads', values.threads, '--seconds', values.seconds]
  const pytorch = (layout: string) =>
    measure(values.python, [script('pytorch.py'), ...settings, '--precision', 'float32', '--layout', layout])
  const rounds = Array.from({ length: Number(values.rounds) }, () => ({
    ours: measure(process.execPath, ['--import', 'tsx', script('measure.ts'), ...settings, '--engine', values.engine]),
    default: pytorch('default'),
    channelsLast: pytorch('channels_last'),
  }))
  const speed = (key: keyof (typeof rounds)[number]) => median(rounds.map((round) => round[key].imagesPerSecond))
  const memory = (key: keyof (typeof rounds)[number]) =>
    `${(median(rounds.map((round) => round[key].peakMemoryBytes)) / 2 ** 30).toFixed(2)} GiB`
  const [ours, plain, last] = [speed('ours'), speed('default'), speed('channelsLast')]
  console.log(
    `| ${model} ${task} | ${batchSize} | ${ours.toFixed(0)} | ${plain.toFixed(0)} | ${last.toFixed(0)} | ` +
      `${(ours / plain).toFixed(2)}× | ${(ours / Math.max(plain, last)).toFixed(2)}× | ${memory('ours')} | ${memory('default')} |`,
  )
}
