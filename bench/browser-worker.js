/** The worker of `browser.js`: measures training steps of this library or of TensorFlow.js in a tab. */
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-webgpu'
import { programOf } from '../dist/bench/workload.js'
import { webEngine } from '../dist/engines/web/web-engine.js'
import { createModel, initialState } from '../dist/index.js'
import { prepareStep } from './tfjs-step.js'

async function prepareOurs({ model, batchSize, threads, device }) {
  const { engine, threads: used } = await webEngine({ device, threads, wasmPaths: '/ort/' })
  const { program, inputs } = programOf({ task: 'train', model, batchSize })
  const executable = await engine.compile(program, { threads: used })
  await executable.writeState(initialState(createModel(model), 1))
  return () => executable.run(inputs)
}

async function prepareTfjs({ model, batchSize, backend }) {
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} does not start`)
  return prepareStep(tf, 'train', createModel(model), batchSize)
}

addEventListener('message', async ({ data: settings }) => {
  try {
    const step = await (settings.backend ? prepareTfjs(settings) : prepareOurs(settings))
    await step() // Warms up, and compiles.
    const speeds = []
    const end = performance.now() + 1000 * settings.seconds
    while (speeds.length < 1 || performance.now() < end) {
      const start = performance.now()
      await step()
      speeds.push((1000 * settings.batchSize) / (performance.now() - start))
    }
    speeds.sort((a, b) => a - b)
    postMessage({ imagesPerSecond: speeds[Math.floor(speeds.length / 2)], steps: speeds.length })
  } catch (error) {
    postMessage({ problem: String(error).split('\n')[0] })
  }
})
