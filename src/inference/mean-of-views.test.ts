import { expect, it } from 'vitest'
import { meanOfViews } from './mean-of-views.js'

it('averages over the views of each picture, class by class', () => {
  // Two pictures, three views, two classes.
  const probabilities = Float32Array.of(1, 0, 0.5, 0.5, 0, 1, 0.25, 0.75, 0.5, 0.5, 0.75, 0.25)
  expect([...meanOfViews(probabilities, 3, 2)]).toEqual([0.5, 0.5, 0.5, 0.5])
  expect([...meanOfViews(Float32Array.of(1, 0, 0.5, 0.5), 2, 2)]).toEqual([0.75, 0.25])
})
