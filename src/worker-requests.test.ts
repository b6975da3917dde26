import { MessageChannel, Worker } from 'node:worker_threads'
import { describe, expect, it, vi } from 'vitest'
import { AlexNetError } from './errors.js'
import { moving, serveRequests, type WorkerClient, workerClient } from './worker-requests.js'

interface Calculator {
  add(a: number, b: number): number
  wait(milliseconds: number): string
  double(memory: { readonly values: Float32Array<ArrayBuffer> }): { readonly values: Float32Array<ArrayBuffer> }
  refuse(): never
  crash(): never
}

/** A worker's two ends in this thread: what a page sees of a worker, and what the worker sees of the page. */
function connected({ inTurn = false } = {}) {
  const { port1, port2 } = new MessageChannel()
  const begun: string[] = []
  const tell = serveRequests<Calculator, string>(
    port2,
    {
      add(a, b) {
        begun.push(`add ${a} ${b}`)
        return a + b
      },
      async wait(milliseconds) {
        begun.push(`wait ${milliseconds}`)
        await new Promise((resolve) => setTimeout(resolve, milliseconds))
        return `waited ${milliseconds}`
      },
      double({ values }) {
        for (let i = 0; i < values.length; i++) values[i] *= 2
        return moving({ values }, [values.buffer])
      },
      refuse() {
        throw new AlexNetError('invalid-setting', 'there is no such setting', 'Take another.')
      },
      crash() {
        throw new TypeError('a bug')
      },
    },
    { inTurn },
  )
  const listeners = new Map<string, (event: object) => void>()
  /** What a page has of a worker: no `on`, no `ref`. */
  const page = {
    postMessage: (message: unknown, moved: ArrayBuffer[]) => port1.postMessage(message, moved),
    addEventListener(type: string, listener: (event: object) => void) {
      listeners.set(type, listener)
      if (type === 'message') port1.addEventListener('message', listener as never)
    },
  }
  const events: string[] = []
  const failures: Error[] = []
  const client = workerClient<Calculator, string>(page as unknown as globalThis.Worker, {
    onEvent: (event) => events.push(event),
    onFailure: (error) => failures.push(error),
  })
  const close = () => port1.close()
  return { client, tell, events, failures, begun, close, fail: (event: object) => listeners.get('error')?.(event) }
}

describe('requests to a worker', () => {
  it('are answered, each with its own answer', async () => {
    const { client, close } = connected()
    const [slow, quick] = [client.ask('wait', 20), client.ask('add', 1, 2)]
    expect([await quick, await slow]).toEqual([3, 'waited 20'])
    close()
  })

  it('are begun at once, or each when the one before is answered', async () => {
    for (const [inTurn, order] of [
      [false, [3, 'waited 20']],
      [true, ['waited 20', 3]],
    ] as const) {
      const { client, close } = connected({ inTurn })
      const answered: unknown[] = []
      const note = (answer: unknown) => answered.push(answer)
      await Promise.all([client.ask('wait', 20).then(note), client.ask('add', 1, 2).then(note)])
      expect(answered).toEqual(order)
      close()
    }
  })

  it('in turn go on after one that failed', async () => {
    const { client, close } = connected({ inTurn: true })
    const refused = client.ask('refuse')
    const next = client.ask('add', 1, 2)
    await expect(refused).rejects.toThrow('no such setting')
    expect(await next).toBe(3)
    close()
  })

  it('throw what the handler has thrown, as the same class', async () => {
    const { client, close } = connected()
    await expect(client.ask('refuse')).rejects.toBeInstanceOf(AlexNetError)
    await expect(client.ask('refuse')).rejects.toMatchObject({ code: 'invalid-setting', hint: 'Take another.' })
    await expect(client.ask('crash')).rejects.toMatchObject({ name: 'TypeError', message: 'a bug' })
    close()
  })

  it('move the memory that they say, and copy all else', async () => {
    const { client, close } = connected()
    const copied = Float32Array.of(1, 2)
    expect((await client.ask('double', { values: copied })).values).toEqual(Float32Array.of(2, 4))
    expect(copied).toEqual(Float32Array.of(1, 2))
    const moved = Float32Array.of(3)
    expect((await client.ask('double', moving({ values: moved }, [moved.buffer]))).values[0]).toBe(6)
    expect(moved.length).toBe(0)
    close()
  })

  it('that cannot be sent are rejected, and nothing waits for them', async () => {
    const { client, close } = connected()
    await expect(client.ask('add', 1, (() => 2) as never)).rejects.toThrow('could not be cloned')
    expect(await client.ask('add', 1, 2)).toBe(3)
    close()
  })

  it('leave room for what the worker tells by itself', async () => {
    const { client, tell, events, close } = connected()
    tell('first')
    await client.ask('add', 1, 2)
    tell('second')
    await client.ask('add', 1, 2)
    expect(events).toEqual(['first', 'second'])
    close()
  })
})

describe('a worker of a page that breaks', () => {
  it('rejects what waits and what is asked later, and is told once', async () => {
    const { client, failures, fail, close } = connected()
    const waiting = client.ask('wait', 5)
    fail({ message: 'Uncaught boom' })
    const error = { code: 'engine-failed', message: 'the worker failed: Uncaught boom' }
    await expect(waiting).rejects.toMatchObject(error)
    await expect(client.ask('add', 1, 2)).rejects.toMatchObject(error)
    fail({ message: 'again' })
    expect(failures).toEqual([expect.objectContaining(error)])
    // The answer comes all the same, and is nobody's.
    await new Promise((resolve) => setTimeout(resolve, 20))
    close()
  })

  it('says so where its script cannot be loaded, of which a browser tells no more', () => {
    const { failures, fail, close } = connected()
    fail({})
    expect(failures[0].message).toBe('the worker failed: its script cannot be loaded')
    close()
  })
})

it('a client that is closed rejects with the first reason, and hears of no failure', async () => {
  const { client, failures, fail, close } = connected()
  const waiting = client.ask('wait', 5)
  client.close(new Error('enough'))
  client.close(new Error('more than enough'))
  fail({})
  await expect(waiting).rejects.toThrow('enough')
  await expect(client.ask('add', 1, 2)).rejects.toThrow(/^enough$/)
  expect(failures).toEqual([])
  close()
})

describe('a thread of Node', () => {
  /** Answers like `serveRequests`, which is TypeScript. */
  const echo = `const { parentPort } = require('node:worker_threads')
    parentPort.on('message', ({ id, values: [value] }) => {
      if (value === 'throw') throw new RangeError('boom')
      if (value === 'exit') process.exit(3)
      parentPort.postMessage({ id, answer: value })
    })`
  const start = () => new Worker(echo, { eval: true })
  type Echo = { echo(value: string): string }

  it('answers, and keeps the process alive only while a request waits', async () => {
    const worker = start()
    const [ref, unref] = [vi.spyOn(worker, 'ref'), vi.spyOn(worker, 'unref')]
    const client: WorkerClient<Echo> = workerClient<Echo>(worker)
    expect([ref.mock.calls.length, unref.mock.calls.length]).toEqual([0, 1])
    const answers = Promise.all([client.ask('echo', 'a'), client.ask('echo', 'b')])
    expect(ref).toHaveBeenCalled()
    expect(await answers).toEqual(['a', 'b'])
    expect(unref).toHaveBeenCalledTimes(2)
    await worker.terminate()
  })

  it('leaves it to its owner where that is wanted', async () => {
    const worker = start()
    const client = workerClient<Echo>(worker, { keepsAlive: false })
    const [ref, unref] = [vi.spyOn(worker, 'ref'), vi.spyOn(worker, 'unref')]
    worker.ref()
    expect(await client.ask('echo', 'a')).toBe('a')
    expect([ref.mock.calls.length, unref.mock.calls.length]).toEqual([1, 0])
    await worker.terminate()
  })

  it('that throws outside of a request, or ends, is told as its owner puts it', async () => {
    for (const [value, what, cause] of [
      ['throw', 'failed: boom', 'RangeError'],
      ['exit', 'ended with exit code 3', undefined],
    ] as const) {
      const worker = start()
      const failed = vi.fn()
      const client = workerClient<Echo>(worker, {
        failure: (how, thrown) => new Error(`the thread ${how} (${thrown?.name})`),
        onFailure: failed,
      })
      await expect(client.ask('echo', value)).rejects.toThrow(`the thread ${what} (${cause})`)
      await worker.terminate()
      expect(failed).toHaveBeenCalledTimes(1)
    }
  })
})
