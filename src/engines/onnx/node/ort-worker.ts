/** The thread in which ONNX Runtime runs: its calls block, and the thread that trains stays free for other events. */
import { parentPort } from 'node:worker_threads'
import { simplify } from '../../../graph/simplify.js'
import { checkOperators } from '../../check.js'
import { serveEngine } from '../../thread/serve-engine.js'
import type { ConvolveInBlocks } from '../graph-writer.js'
import { convolveInBlocks } from '../lowering/blocked-convolve.js'
import { lowerings } from '../lowering/index.js'
import { channelBlock } from './channel-block.js'
import { Ort } from './ort.js'
import { OrtExecutable } from './ort-executable.js'

if (!parentPort) throw new Error('this file is the thread of the onnx engine: it is not run by itself')

const ort = await Ort.load()
let blocks: { readonly convolve: ConvolveInBlocks | undefined } | undefined

const blocksOf = (channels: number | undefined) => (channels === undefined ? undefined : convolveInBlocks(channels))

serveEngine(parentPort, async (program, { threads, profile }, treatGradients) => {
  checkOperators('onnx', program, lowerings)
  return new OrtExecutable(ort, simplify(program), {
    threads,
    treatGradients,
    // Most programs are not profiled, and what checks a profile takes a while to load.
    addProfile: profile ? (await import('../session-profiler.js')).addProfile : undefined,
    convolveInBlocks() {
      blocks ??= { convolve: blocksOf(channelBlock(ort)) }
      return blocks.convolve
    },
  })
})
