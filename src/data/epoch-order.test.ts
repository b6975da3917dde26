import { expect, it } from 'vitest'
import { epochOrder } from './epoch-order.js'

it('has every picture once, in an order of its own for each epoch and seed', () => {
  const order = epochOrder(100, 1, 0)
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  expect(epochOrder(100, 1, 0)).toEqual(order)
  expect(epochOrder(100, 1, 1)).not.toEqual(order)
  expect(epochOrder(100, 2, 0)).not.toEqual(order)
})
