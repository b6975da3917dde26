import { existsSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { createModel } from '../../../models/catalogue.js'
import { inferenceProgram } from '../../../programs/inference-program.js'
import { trainingProgram } from '../../../programs/training-program.js'
import { addProfile } from '../session-profiler.js'
import type { Ort, OrtSessionSettings } from './ort.js'
import { OrtExecutable } from './ort-executable.js'

const model = createModel('80sec', { inputShape: [3, 8, 8] })
const training = trainingProgram(model, { batchSize: 2 })
const inference = inferenceProgram(model, 2)

/** A library that computes nothing, and counts what it has given out and has not got back. */
class CountingOrt {
  sessions = 0
  tensors = 0
  profile = ''
  /** The call that fails. */
  refuses?: 'createSession' | 'tensor' | 'binding'
  /** What it writes as a profile; undefined: nothing. */
  profileText?: string

  createSession(_: Uint8Array, { profile }: OrtSessionSettings): bigint {
    this.profile = profile ?? ''
    this.refuse('createSession')
    return BigInt(++this.sessions)
  }

  releaseSession(): void {
    this.sessions--
  }

  tensor(): bigint {
    if (this.tensors === 3) this.refuse('tensor')
    return BigInt(++this.tensors)
  }

  releaseTensor(): void {
    this.tensors--
  }

  binding(): () => void {
    this.refuse('binding')
    return () => {}
  }

  endProfiling(): string {
    if (this.profileText !== undefined) writeFileSync(this.profile, this.profileText)
    return this.profile
  }

  get folder(): string {
    return dirname(this.profile)
  }

  private refuse(call: typeof this.refuses): void {
    if (this.refuses === call) throw new Error(`${call} is refused`)
  }
}

const newExecutable = (ort: CountingOrt, program = training, profile = true) =>
  new OrtExecutable(ort as unknown as Ort, program, {
    threads: 1,
    ...(profile && { addProfile }),
  })

it.each(['createSession', 'tensor', 'binding'] as const)('where %s is refused nothing stays', (call) => {
  const ort = new CountingOrt()
  ort.refuses = call
  expect(() => newExecutable(ort)).toThrow(
    expect.objectContaining({
      code: 'engine-failed',
      message: `onnx: ${training.name}: ${call} is refused`,
    }),
  )
  expect([ort.sessions, ort.tensors]).toEqual([0, 0])
  expect(ort.folder).toContain('alexnet-profile-')
  expect(existsSync(ort.folder)).toBe(false)
})

it.each([
  ['is not there', undefined],
  ['is broken', '[{'],
])('where a profile %s nothing stays', (_, text) => {
  for (const end of ['timings', 'dispose'] as const) {
    const ort = new CountingOrt()
    ort.profileText = text
    const executable = newExecutable(ort)
    expect(ort.sessions).toBe(1)
    expect(existsSync(ort.folder)).toBe(true)
    const failure = expect.objectContaining({ code: 'engine-failed' })
    expect(() => executable[end]()).toThrow(failure)
    expect([ort.sessions, ort.tensors]).toEqual([0, 0])
    expect(existsSync(ort.folder)).toBe(false)
    executable.dispose()
  }
})

it('to ask for times ends a session only where times are taken', () => {
  for (const profile of [true, false]) {
    const ort = new CountingOrt()
    ort.profileText = '[]'
    const executable = newExecutable(ort, inference, profile)
    executable.run()
    executable.timings()
    expect(ort.sessions).toBe(profile ? 0 : 1)
    executable.dispose()
    expect([ort.sessions, ort.tensors]).toEqual([0, 0])
  }
})

it('gives out copies of its state', () => {
  const executable = newExecutable(new CountingOrt(), training, false)
  const [name] = Object.keys(training.state)
  const before = executable.readState(name)
  executable.writeState(
    name,
    before.map(() => 1),
  )
  expect(new Set(before)).toEqual(new Set([0]))
  expect(new Set(executable.readState(name))).toEqual(new Set([1]))
  executable.dispose()
})
