/** Steps of training and inference with TensorFlow.js, on whichever backend is set. */
import { layersOf, overhang, parametersOf, uniform } from './networks.js'

/**
 * Makes a function that does one step on random pictures and waits for its end.
 * @param tf The module `@tensorflow/tfjs`.
 */
export function prepareStep(tf, task, model, batchSize) {
  const { array, forward } = functionsOn(tf)
  const layers = layersOf(model)
  const [channels, height, width] = model.inputShape
  const parameters = parametersOf(model).map(({ shape, deviation }) => {
    const [filters, inputs, ...kernel] = shape
    return array(shape.length < 2 ? shape : [...kernel, inputs, filters], deviation)
  })
  const images = array([batchSize, height, width, channels], 1)
  if (task === 'infer')
    return async () => {
      const probabilities = tf.tidy(() => tf.softmax(forward(layers, parameters, images, false)))
      await probabilities.data()
      probabilities.dispose()
    }
  const labels = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: batchSize }, (_, i) => i % model.classes),
      'int32',
    ),
    model.classes,
  )
  const variables = parameters.map((each) => tf.variable(each))
  const velocities = parameters.map((each) => tf.variable(tf.zerosLike(each)))
  const loss = () => tf.losses.softmaxCrossEntropy(labels, forward(layers, variables, images, true))
  return async () => {
    const value = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, variables)
      variables.forEach((variable, i) => {
        velocities[i].assign(velocities[i].mul(0.9).add(variable.mul(5e-4)).add(grads[variable.name]))
        variable.assign(variable.sub(velocities[i].mul(0.001)))
      })
      return value
    })
    const [number] = await value.data()
    value.dispose()
    if (!Number.isFinite(number)) throw new Error('the loss is no number')
  }
}

function functionsOn(tf) {
  /** Logits. Pictures are (N, H, W, C), the only layout of these backends. */
  function forward(layers, parameters, images, training) {
    let x = images
    let next = 0
    for (const layer of layers)
      switch (layer.kind) {
        case 'conv2d': {
          const padded = border(x, layer.padding, layer.padding)
          x = tf.conv2d(padded, parameters[next++], layer.stride, 'valid').add(parameters[next++])
          break
        }
        case 'linear':
          x = tf.matMul(x, parameters[next++]).add(parameters[next++])
          break
        case 'relu':
          x = tf.relu(x)
          break
        case 'tanh':
          x = tf.tanh(x)
          break
        case 'max-pool':
          x = tf.maxPool(border(x, 0, overhang(x.shape[1], layer)), layer.kernel, layer.stride, 'valid')
          break
        case 'avg-pool':
          x = tf.avgPool(border(x, 0, overhang(x.shape[1], layer)), layer.kernel, layer.stride, 'valid')
          break
        case 'lrn':
          x = normalised(x, layer)
          break
        case 'dropout':
          if (training) x = tf.dropout(x, layer.rate)
          break
        case 'flatten':
          x = x.reshape([x.shape[0], -1])
          break
        default:
          throw new Error(`no layer ${layer.kind}`)
      }
    return x
  }

  function normalised(x, { across, size, alpha, alphaTimes, k, beta }) {
    if (across === 'channels')
      return tf.localResponseNormalization(
        x,
        Math.floor(size / 2),
        k,
        alphaTimes === 'sum' ? alpha : alpha / size,
        beta,
      )
    const mean = tf.avgPool(border(tf.square(x), Math.floor(size / 2), Math.floor(size / 2)), size, 1, 'valid')
    return x.mul(tf.pow(mean.mul(alphaTimes === 'sum' ? alpha * size * size : alpha).add(k), -beta))
  }

  function border(x, before, after) {
    if (before + after === 0) return x
    return tf.pad(x, [
      [0, 0],
      [before, after],
      [before, after],
      [0, 0],
    ])
  }

  function array(shape, deviation) {
    return tf.tensor(
      uniform(
        shape.reduce((a, b) => a * b, 1),
        deviation,
      ),
      shape,
    )
  }

  return { array, forward }
}
