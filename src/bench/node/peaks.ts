import { Worker } from 'node:worker_threads'
import type { Engine } from '../../engines/engine.js'
import { engineOffers } from '../../engines/node/select-engine.js'
import { GraphBuilder } from '../../graph/builder.js'
import { matmul } from '../../graph/ops/matmul.js'
import { float32 } from '../../tensor.js'

/** The most that this machine gives, as far as programs reach it. */
export interface Peaks {
  /** 10⁹ operations a second in float32, two for a multiplication with an addition. */
  readonly multiplyAddGflops: number
  /** 10⁹ bytes a second, read and written together. */
  readonly memoryGBs: number
}

/** Products [M, K, N] of which the fastest counts: which suits a processor best depends on its caches. */
const products = [
  [768, 768, 768],
  [1536, 1536, 768],
  [2048, 2048, 512],
  [4096, 1024, 512],
] as const

/**
 * Measures the machine with what is there, without a compiler: the multiply-add peak as the fastest matrix product that
 * the fastest engine reaches, and the bandwidth as copies by all threads at once, of blocks far larger than the caches.
 * So both are what programs attain; what the processor's data sheet says is more. Undefined where no engine but the
 * reference can run.
 *
 * @param seconds For each product, and for the copies.
 */
export async function measurePeaks(threads: number, seconds = 0.5): Promise<Peaks | undefined> {
  const offers = await engineOffers()
  const engine = offers.find(({ name, engine }) => engine && name !== 'reference')?.engine
  if (!engine) return undefined
  let multiplyAddGflops = 0
  for (const product of products)
    multiplyAddGflops = Math.max(multiplyAddGflops, await productGflops(engine, threads, seconds, product))
  return { multiplyAddGflops, memoryGBs: await copyGBs(threads, seconds) }
}

/** The fastest of many runs: the machine's other work makes a run slower, never faster. */
async function productGflops(
  engine: Engine,
  threads: number,
  seconds: number,
  [m, k, n]: readonly [number, number, number],
): Promise<number> {
  const graph = new GraphBuilder('peak')
  const y = graph.add(matmul, [graph.input('x', [m, k]), graph.state('w', [k, n])], {
    transposeA: false,
    transposeB: false,
  })
  const executable = await engine.compile(graph.program({ outputs: { y } }), { threads })
  // Small whole numbers: neither denormal values nor overflow may slow the product down.
  const values = (size: number) => new Float32Array(size).map((_, i) => (i % 7) - 3)
  await executable.writeState({ w: float32([k, n], values(k * n)) })
  const inputs = { x: float32([m, k], values(m * k)) }
  let fastest = Number.POSITIVE_INFINITY
  const end = performance.now() + 1000 * seconds
  do {
    const start = performance.now()
    await executable.run(inputs)
    fastest = Math.min(fastest, performance.now() - start)
  } while (performance.now() < end)
  await executable.dispose()
  return (2 * m * k * n) / 1e6 / fastest
}

/** Each thread copies memory of its own. */
async function copyGBs(threads: number, seconds: number): Promise<number> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./copy-worker.js', import.meta.url), { workerData: { seconds } }),
  )
  try {
    const next = (worker: Worker) =>
      new Promise<number>((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
      })
    await Promise.all(workers.map(next)) // Memory is ready.
    const speeds = workers.map(next)
    for (const worker of workers) worker.postMessage('go')
    return (await Promise.all(speeds)).reduce((sum, bytesPerSecond) => sum + bytesPerSecond, 0) / 1e9
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** The higher of two measurements: other work on the machine makes it look slower than it is, never faster. */
export function higherPeaks(a: Peaks | null, b: Peaks | null): Peaks | null {
  if (!a || !b) return a ?? b
  return {
    multiplyAddGflops: Math.max(a.multiplyAddGflops, b.multiplyAddGflops),
    memoryGBs: Math.max(a.memoryGBs, b.memoryGBs),
  }
}
