import { expect, it } from 'vitest'
import { encodeOnnx } from '../../../formats/onnx/encode.js'
import { createModel } from '../../../models/catalogue.js'
import { trainingProgram } from '../../../programs/training-program.js'
import { lowerProgram } from '../lower-program.js'
import { convolveInBlocks } from '../lowering/blocked-convolve.js'
import { channelBlock } from './channel-block.js'
import { Ort } from './ort.js'

const ort = await Ort.load()

it('every processor with AVX2 or AVX-512 has blocks', () => {
  if (process.arch === 'x64') expect([8, 16]).toContain(channelBlock(ort))
  else expect([undefined, 8, 16]).toContain(channelBlock(ort))
})

/** How often each operator of the library's own domain is written. */
function blockedOperators(channelBlock: number | undefined) {
  const program = trainingProgram(createModel('80sec'), { batchSize: 2 })
  const { nodes } = lowerProgram(
    program,
    channelBlock === undefined ? {} : { convolveInBlocks: convolveInBlocks(channelBlock) },
  ).graph
  const names = nodes.map(({ opType }) => opType).filter((name) => name.includes('.'))
  return { convolutions: names.filter((name) => name.endsWith('.Conv')).length, all: names.length }
}

it('three forward convolutions and two input gradients are done in blocks, between two conversions each', () => {
  // The first has three channels, which are read as they lie.
  expect(blockedOperators(16)).toEqual({ convolutions: 5, all: 5 + 5 + 4 })
  expect(blockedOperators(undefined)).toEqual({ convolutions: 0, all: 0 })
})

it('channels that do not fill blocks take the standard operators', () => {
  expect(blockedOperators(24)).toEqual({ convolutions: 0, all: 0 })
})

it('what the library refuses is an error of its own words', () => {
  const model = lowerProgram(trainingProgram(createModel('80sec'), { batchSize: 2 }))
  const broken = { ...model, graph: { ...model.graph, nodes: model.graph.nodes.slice(1) } }
  expect(() => ort.createSession(encodeOnnx(broken), { threads: 1 })).toThrow(/Invalid model|not output of any/)
})
