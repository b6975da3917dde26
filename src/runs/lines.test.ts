import { describe, expect, it } from 'vitest'
import { evaluationOf, metricsLineSchema, parseLine, parseLines, timingLineSchema } from './lines.js'

const measure = { top1: 0.5, top5: 0.9, loss: 1, images: 10 }
const steps = { kind: 'steps', epoch: 1, step: 5, rate: 0.1, loss: 2, top1: 0.1, top5: 0.5 } as const
const epoch = { kind: 'epoch', epoch: 1, step: 10, rate: 0.1, training: measure, test: measure } as const

describe('parseLines', () => {
  it('reads the lines that are whole and of a kind that it knows', () => {
    const text = [steps, { kind: 'other', epoch: 1, step: 7 }, epoch].map((line) => `${JSON.stringify(line)}\n`)
    // The last was cut short by a crash.
    expect(parseLines(metricsLineSchema, `${text.join('')}{"kind":"epo`)).toEqual([steps, epoch])
    expect(parseLines(metricsLineSchema, '')).toEqual([])
  })
})

describe('parseLine', () => {
  it('does not take a line of one file for one of the other', () => {
    expect(parseLine(timingLineSchema, JSON.stringify(epoch))).toBeUndefined()
    expect(parseLine(metricsLineSchema, JSON.stringify(epoch))).toEqual(epoch)
  })

  it.each(['', 'null', '[]', '"steps"', '{"kind":"steps"}'])('reads nothing from %s', (text) => {
    expect(parseLine(metricsLineSchema, text)).toBeUndefined()
  })
})

describe('evaluationOf', () => {
  it('prefers the validation part, and says which it was', () => {
    const validation = { ...measure, loss: 2 }
    expect(evaluationOf({ ...epoch, validation })).toEqual({ part: 'validation', metrics: validation })
    expect(evaluationOf(epoch)).toEqual({ part: 'test', metrics: measure })
    expect(evaluationOf({ ...epoch, test: undefined })).toBeUndefined()
  })
})
