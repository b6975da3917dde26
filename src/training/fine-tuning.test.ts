import { describe, expect, it } from 'vitest'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { checkPictures, fineTune } from './fine-tuning.js'

const classes = ['cat', 'dog', 'fox']
const model = createModel('alexnet-cifar', { classes: 3 }, { width: 1 / 16 })
const state = initialState(model, 1)
const trained = { model, classes, state: { ...state, 'velocity:features.0.weight': state['features.0.weight'] } }

describe('fineTune', () => {
  it('keeps a network for the same classes as a whole, without what its training has left', () => {
    const { model: kept, state: own, head } = fineTune(trained, ['cat', 'dog', 'fox'], 7)
    expect(kept).toBe(model)
    expect(own).toEqual(state)
    expect(head).toBeUndefined()
  })

  it.each([
    ['other classes', ['ant', 'bee']],
    ['the same classes in another order', ['dog', 'cat', 'fox']],
  ])('replaces the last layer for %s, and keeps all else', (_, wanted) => {
    const { model: changed, state: own, head } = fineTune(trained, wanted, 7)
    expect(changed.classes).toBe(wanted.length)
    const fresh = Object.keys(own).filter((name) => own[name] !== state[name])
    expect(fresh).toEqual([`${head}.weight`, `${head}.bias`])
    expect(own[`${head}.weight`].shape[0]).toBe(wanted.length)
    expect(Object.keys(own).sort()).toEqual(Object.keys(state).sort())
  })

  it('draws the new layer from the seed', () => {
    const weightOf = (seed: number) => {
      const { state: own, head } = fineTune(trained, ['ant', 'bee'], seed)
      return own[`${head}.weight`]
    }
    expect(weightOf(1)).toEqual(weightOf(1))
    expect(weightOf(1)).not.toEqual(weightOf(2))
  })
})

describe('checkPictures', () => {
  const preprocessing = {
    size: 40,
    augmentation: [],
    normalisation: { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] },
  } as const

  it('takes pictures of the size that the network knows, and no others', () => {
    expect(() => checkPictures(model, [3, 32, 32], preprocessing)).not.toThrow()
    expect(() => checkPictures(model, [3, 40, 40], preprocessing)).toThrow(
      'takes pictures of 3×32×32, the recipe makes 3×40×40 of them',
    )
  })
})
