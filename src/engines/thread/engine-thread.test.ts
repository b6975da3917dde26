import { expect, it } from 'vitest'
import { GraphBuilder } from '../../graph/builder.js'
import { float32 } from '../../tensor.js'
import { engineThread } from './engine-thread.js'

/**
 * An engine whose state is how many executables are in its thread's memory. To run a program ends its thread, and so does
 * to dispose of a second one; to dispose of a third fails.
 */
const script = `
  import { serveEngine } from '${new URL('../../../dist/engines/thread/serve-engine.js', import.meta.url)}'
  import { parentPort } from 'node:worker_threads'
  const made = []
  serveEngine(parentPort, () => {
    const number = made.length
    const executable = {
      inputs: {},
      outputs: {},
      run: () => process.exit(7),
      readState: () => Float32Array.of(made.filter((each) => each.deref()).length),
      writeState() {},
      timings: () => [],
      dispose() {
        if (number === 1) process.exit(8)
        if (number === 2) throw new RangeError('a bug')
      },
    }
    made.push(new WeakRef(executable))
    return executable
  })`
const graph = new GraphBuilder('one state')
graph.state('a', [1])
const program = graph.program({ outputs: {} })
const options = { threads: 1, precision: 'float32', profile: false } as const
const newThread = () => engineThread('test', new URL(`data:text/javascript,${encodeURIComponent(script)}`))

it('what a failed thread has compiled tells of the failure, and is never taken for what a new one compiles', async () => {
  const thread = newThread()
  const old = [await thread.compile(program, options), await thread.compile(program, options)]
  const failure = { code: 'engine-failed', message: 'test: its thread ended with exit code 7' }
  await expect(old[0].run({})).rejects.toMatchObject(failure)
  const anew = await thread.compile(program, options)
  for (const executable of old) {
    await expect(executable.run({})).rejects.toMatchObject(failure)
    await expect(executable.readState()).rejects.toMatchObject(failure)
    await expect(executable.writeState({ a: float32([1], [0]) })).rejects.toMatchObject(failure)
    await executable.dispose()
  }
  expect(await anew.readState()).toEqual({ a: float32([1], [1]) })
  await expect(anew.run({})).rejects.toMatchObject(failure)
  await anew.dispose()
})

it('to dispose of a program fails with the error of that, but not with that of the thread', async () => {
  const thread = newThread()
  const [, second, third] = [
    await thread.compile(program, options),
    await thread.compile(program, options),
    await thread.compile(program, options),
  ]
  await expect(third.dispose()).rejects.toThrow('a bug')
  await second.dispose()
  await expect(second.run({})).rejects.toThrow('it has been disposed and cannot run')
})

it('the memory of a program that was disposed of is free again, though its thread has nothing to do', async () => {
  const thread = newThread()
  const [first, second] = [await thread.compile(program, options), await thread.compile(program, options)]
  expect(await second.readState()).toEqual({ a: float32([1], [2]) })
  await first.dispose()
  // By itself Node would come to it after some eight seconds, or later.
  await expect.poll(() => second.readState(), { timeout: 3000 }).toEqual({ a: float32([1], [1]) })
  await second.dispose()
})
