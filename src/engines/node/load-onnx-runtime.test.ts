import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'alexnet-home-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const built = (path: string) => new URL(`../../../dist/${path}`, import.meta.url).href

/** Creates a session, after which ONNX Runtime would have made its device's identity and its queue of events. */
const session = `
  const { loadOnnxRuntime } = await import('${built('engines/node/load-onnx-runtime.js')}')
  const { InferenceSession } = await loadOnnxRuntime()
  await InferenceSession.create(new Uint8Array([8, 1])).catch(({ message }) => console.log(message))
`
const places = {
  'by the C interface, in the engine’s thread': `
    const { nativeOnnxEngine } = await import('${built('engines/onnx/node/native-onnx-engine.js')}')
    const { createModel, inferenceProgram } = await import('${built('index.js')}')
    const program = inferenceProgram(createModel('80sec'), 1)
    const executable = await nativeOnnxEngine().compile(program)
    await executable.run({ images: { dtype: 'float32', shape: [1, 3, 32, 32], data: new Float32Array(3072) } })
    console.log('No graph was found wrong')`,
  'in the main thread': session,
  'in a worker, whose environment is a copy': `
    const { Worker } = await import('node:worker_threads')
    const worker = new Worker(${JSON.stringify(`(async () => {${session}})()`)}, { eval: true, env: { HOME: process.env.HOME } })
    await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))`,
}

describe('telemetry of ONNX Runtime', () => {
  it.each(Object.entries(places))('leaves nothing behind %s, whatever the environment says', async (_, script) => {
    const { ORT_DISABLE_TELEMETRY: _switch, XDG_CACHE_HOME: _cache, ...environment } = process.env
    const env = { ...environment, HOME: home, ORT_DISABLE_TELEMETRY: '0' }
    const args = ['--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: home })
    expect(stdout).toContain('No graph was found') // so the library was there
    expect(readdirSync(home, { recursive: true })).toEqual([])
  })
})
