/**
 * Measures jax-js on the processor, with its WebAssembly backend, and without its `jit`: in version 0.1.25 that makes
 * these networks slower there, and gives wrong gradients of windows that overlap.
 */
import { readFileSync } from 'node:fs'
import { blockUntilReady, defaultDevice, init, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax'
import { layersOf, overhang, parametersOf, uniform } from './networks.js'
import { answer } from './peer.js'

const { version } = JSON.parse(readFileSync(new URL('node_modules/@jax-js/jax/package.json', import.meta.url), 'utf8'))

await init('wasm')
defaultDevice('wasm')
await answer({ version: `@jax-js/jax ${version}, wasm`, prepare })

async function prepare(task, model, batchSize) {
  const layers = layersOf(model)
  let parameters = parametersOf(model).map(({ shape, deviation }) => array(shape, deviation))
  const images = array([batchSize, ...model.inputShape], 1)
  if (task === 'infer') {
    const infer = (p, x) => nn.softmax(forward(layers, p, x, false))
    return async () => {
      await infer(held(parameters), images.ref).data()
    }
  }
  const labels = nn.oneHot(np.array(Int32Array.from({ length: batchSize }, (_, i) => i % model.classes)), model.classes)
  let velocities = parameters.map((p) => np.zerosLike(p.ref))
  const loss = (p, x, y) =>
    nn
      .logSoftmax(forward(layers, p, x, true))
      .mul(y)
      .sum()
      .mul(-1 / batchSize)
  const step = (p, v, x, y) => {
    const [value, gradients] = valueAndGrad(loss)(held(p), x, y)
    const next = v.map((each, i) => each.mul(0.9).add(p[i].ref.mul(5e-4)).add(gradients[i]))
    return [value, p.map((each, i) => each.sub(next[i].ref.mul(0.001))), next]
  }
  return async () => {
    const [value, p, v] = step(parameters, velocities, images.ref, labels.ref)
    parameters = p
    velocities = v
    await blockUntilReady([...p, ...v])
    if (!Number.isFinite((await value.data())[0])) throw new Error('the loss is no number')
  }
}

/** Logits. Every call uses its arguments up, as is the rule of jax-js. */
function forward(layers, parameters, images, training) {
  let x = images
  let next = 0
  for (const layer of layers)
    switch (layer.kind) {
      case 'conv2d': {
        const { stride, padding } = layer
        const [w, b] = [parameters[next++], parameters[next++]]
        const sides = [padding, padding]
        x = lax.convGeneralDilated(x, w, [stride, stride], [sides, sides]).add(b.reshape([1, layer.filters, 1, 1]))
        break
      }
      case 'linear': {
        const [w, b] = [parameters[next++], parameters[next++]]
        x = np.matmul(x, np.matrixTranspose(w)).add(b)
        break
      }
      case 'relu':
        x = nn.relu(x)
        break
      case 'tanh':
        x = np.tanh(x)
        break
      case 'max-pool':
        x = pool(x, layer, np.max)
        break
      case 'avg-pool':
        x = pool(x, layer, np.mean)
        break
      case 'lrn': {
        const { size, alpha, alphaTimes, k, beta } = layer
        const border = Math.floor(size / 2)
        const [channels, places] = layer.across === 'map' ? [0, border] : [border, 0]
        const window = layer.across === 'map' ? [1, size, size] : [size, 1, 1]
        const padded = np.pad(np.square(x.ref), [
          [0, 0],
          [channels, channels],
          [places, places],
          [places, places],
        ])
        const terms = window[0] * window[1] * window[2]
        const sums = lax.reduceWindow(padded, np.sum, window)
        // The power as an exponential: np.power has no number for this gradient.
        const scale = sums.mul(alphaTimes === 'sum' ? alpha : alpha / terms).add(k)
        x = x.mul(np.exp(np.log(scale).mul(-beta)))
        break
      }
      case 'dropout':
        if (training) x = x.mul(dropoutMask(x.shape, layer.rate))
        break
      case 'flatten':
        x = x.reshape([x.shape[0], -1])
        break
      default:
        throw new Error(`no layer ${layer.kind}`)
    }
  return x
}

function pool(x, layer, computation) {
  const more = overhang(x.shape[2], layer)
  const padded =
    more > 0
      ? np.pad(x, [
          [0, 0],
          [0, 0],
          [0, more],
          [0, more],
        ])
      : x
  const { kernel, stride } = layer
  return lax.reduceWindow(padded, computation, [kernel, kernel], [stride, stride])
}

/** One mask for all steps: drawing it is not measured. */
function dropoutMask(shape, rate) {
  const size = shape.reduce((a, b) => a * b, 1)
  const values = Float32Array.from({ length: size }, () => (Math.random() < rate ? 0 : 1 / (1 - rate)))
  return np.array(values).reshape(shape)
}

function array(shape, deviation) {
  return np
    .array(
      uniform(
        shape.reduce((a, b) => a * b, 1),
        deviation,
      ),
    )
    .reshape(shape)
}

/** Once more the same arrays, for a function that uses them up. */
function held(arrays) {
  return arrays.map((each) => each.ref)
}
