import { describe, expect, it } from 'vitest'
import { batchLoader } from '../data/batch-loader.js'
import { memoryDataset } from '../data/memory-dataset.js'
import { referenceEngine } from '../engines/reference/reference-engine.js'
import type { Model } from '../models/model.js'
import { random } from '../random.js'
import { classWeights } from './class-weights.js'
import { train } from './trainer.js'

const dataset = (classes: readonly string[], labels: readonly number[]) => ({
  name: 'pets train',
  classes,
  labels: Uint16Array.from(labels),
})

describe('the weights of classes', () => {
  it("are balanced as scikit-learn's compute_class_weight does it", () => {
    // compute_class_weight('balanced', classes=numpy.array([0, 1, 2]), y=[0, 0, 0, 0, 1, 2, 2, 2]); n / (K·n_c)
    const weights = classWeights('balanced', dataset(['cat', 'dog', 'owl'], [0, 0, 0, 0, 1, 2, 2, 2]))
    expect(weights).toEqual([8 / 12, 8 / 3, 8 / 9])
  })

  it('are balanced among the classes that have pictures', () => {
    expect(classWeights('balanced', dataset(['cat', 'dog', 'owl'], [0, 0, 0, 2]))).toEqual([4 / 6, 1, 2])
  })

  it('are taken by the names of classes, and are 1 where a class is not named', () => {
    expect(classWeights({ owl: 3, cat: 0.5 }, dataset(['cat', 'dog', 'owl'], []))).toEqual([0.5, 1, 3])
  })

  it('belong to classes that there are', () => {
    expect(() => classWeights({ catt: 2 }, dataset(['cat', 'dog'], []))).toThrow(
      expect.objectContaining({
        code: 'unknown-name',
        message: "loss.classWeights: pets train has no class 'catt'",
        hint: "Did you mean 'cat'? Known: cat, dog.",
      }),
    )
  })
})

/** Grey pictures of two classes whose brightness overlaps, one of them rare. */
function imbalanced(part: string, common: number, rare: number) {
  const labels = Array.from({ length: common + rare }, (_, n) => (n < common ? 0 : 1))
  const pictures = labels.map((label, n) => {
    const level = 110 + 36 * label + 20 * random(1, 'test', part, n).normal()
    return { shape: [3, 2, 2] as const, data: new Uint8Array(12).fill(Math.max(0, Math.min(255, level))) }
  })
  return memoryDataset({ name: `spots ${part}`, classes: ['common', 'rare'], pictures, labels })
}

it('a rare class is found again where its pictures count more', async () => {
  const model: Model = {
    name: 'line',
    inputShape: [3, 2, 2],
    classes: 2,
    features: [{ kind: 'flatten' }],
    classifier: [{ kind: 'linear', outputs: 2 }],
  }
  const [learnt, test] = [imbalanced('train', 190, 10), imbalanced('test', 100, 100)]
  const preprocessing = {
    size: 2,
    normalisation: { kind: 'channel', mean: [125, 125, 125], deviation: [30, 30, 30] },
    augmentation: [],
  } as const
  const loaderOf = (of: typeof test, batchSize: number) =>
    batchLoader({ dataset: of, preprocessing, batchSize, seed: 1 })
  const recallOfRare = async (weights?: readonly number[]) => {
    let right = 0
    const options = {
      ...{ model, engine: referenceEngine(), epochs: 20, rate: 0.05, loss: { classWeights: weights } },
      ...{ loader: loaderOf(learnt, 20), evaluation: loaderOf(test, 200) },
    }
    await train(options, {
      onEvaluated({ batch: { labels }, logits }) {
        right = labels.data.filter((label, n) => label === 1 && logits[2 * n + 1] > logits[2 * n]).length
      },
    })
    return right / 100
  }
  expect(await recallOfRare()).toBeLessThan(0.4)
  expect(await recallOfRare(classWeights('balanced', learnt))).toBeGreaterThan(0.7)
})
