import { Worker } from 'node:worker_threads'
import type { Engine } from '../../engines/engine.js'
import { engineOffers } from '../../engines/node/engine-offers.js'
import { GraphBuilder } from '../../graph/builder.js'
import { multiplyAdds } from '../../graph/multiply-adds.js'
import type { Node } from '../../graph/node.js'
import { conv2d } from '../../graph/ops/convolution.js'
import { matmul } from '../../graph/ops/matmul.js'
import type { Program } from '../../graph/program.js'
import { float32, sizeOf } from '../../tensor.js'
import { workerClient } from '../../worker-requests.js'
import type { CopyRequests } from './copy-worker.js'

/** The most that this machine gives, as far as programs reach it. */
export interface Peaks {
  /** 10⁹ operations a second in float32, two for a multiplication with an addition. */
  readonly multiplyAddGflops: number
  /** 10⁹ bytes a second, read and written together. */
  readonly memoryGBs: number
}

/**
 * Square products [rows, size] and unpadded convolutions 3×3 [pictures, channels, side]: what suits a processor best
 * depends on its caches.
 */
const products = [
  [768, 768],
  [1536, 768],
  [2048, 1024],
] as const
const convolutions = [
  [4, 128, 40],
  [4, 256, 40],
  [2, 512, 34],
] as const

/** So many of one kind follow each other in a step, so that what happens at its border does not count. */
const REPEATS = 12

/**
 * Measures the machine with what is there, without a compiler: the multiply-add peak as the fastest of several
 * matrix products and convolutions with the fastest engine, and the bandwidth as copies by all threads at once, of blocks far larger than the caches.
 * So both are what programs attain; what the processor's data sheet says is more. Undefined where no engine but the
 * reference can run.
 *
 * @param seconds For each of them, and for the copies.
 */
export async function measurePeaks(threads: number, seconds = 0.5): Promise<Peaks | undefined> {
  const offers = await engineOffers()
  const engine = offers.find(({ name, engine }) => engine && name !== 'reference')?.engine
  if (!engine) return undefined
  let multiplyAddGflops = 0
  for (const program of [...products.map(productProgram), ...convolutions.map(convolutionProgram)])
    multiplyAddGflops = Math.max(multiplyAddGflops, await gflopsOf(program, engine, threads, seconds))
  return { multiplyAddGflops, memoryGBs: await copyGBs(threads, seconds) }
}

function productProgram([rows, size]: readonly [number, number]): Program {
  const graph = new GraphBuilder('peak of products')
  const w = graph.state('w', [size, size])
  let y: Node = graph.input('x', [rows, size])
  for (let i = 0; i < REPEATS; i++) y = graph.add(matmul, [y, w], { transposeA: false, transposeB: false })
  return graph.program({ outputs: { y } })
}

function convolutionProgram([pictures, channels, side]: readonly [number, number, number]): Program {
  const graph = new GraphBuilder('peak of convolutions')
  const w = graph.state('w', [channels, channels, 3, 3])
  let y: Node = graph.input('x', [pictures, channels, side, side])
  for (let i = 0; i < REPEATS; i++) y = graph.add(conv2d, [y, w], { stride: 1, padding: 0, groups: 1 })
  return graph.program({ outputs: { y } })
}

/** The fastest of many runs: the machine's other work makes a run slower, never faster. All values are 0. */
async function gflopsOf(program: Program, engine: Engine, threads: number, seconds: number): Promise<number> {
  const executable = await engine.compile(program, { threads })
  const { shape } = program.inputs.x
  const inputs = { x: float32(shape, new Float32Array(sizeOf(shape))) }
  let fastest = Number.POSITIVE_INFINITY
  const end = performance.now() + 1000 * seconds
  do {
    const start = performance.now()
    await executable.run(inputs)
    fastest = Math.min(fastest, performance.now() - start)
  } while (performance.now() < end)
  await executable.dispose()
  const operations = 2 * program.nodes.reduce((sum, node) => sum + multiplyAdds(node), 0)
  return operations / 1e6 / fastest
}

/** Each thread copies memory of its own. */
async function copyGBs(threads: number, seconds: number): Promise<number> {
  const workers = Array.from({ length: threads }, () => new Worker(new URL('./copy-worker.js', import.meta.url)))
  try {
    const clients = workers.map((worker) => workerClient<CopyRequests>(worker))
    await Promise.all(clients.map((client) => client.ask('prepare')))
    const speeds = await Promise.all(clients.map((client) => client.ask('copy', seconds)))
    return speeds.reduce((sum, bytesPerSecond) => sum + bytesPerSecond, 0) / 1e9
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
