import { expect, it } from 'vitest'
import { epochTable } from './epoch-table.js'

it('has a line for each epoch, with all digits, and nothing where nothing is known', () => {
  const place = { epoch: 1, step: 3 }
  const training = { loss: 1 / 3, top1: 0.5, top5: 1, images: 6 }
  const test = { loss: 2, top1: 0.25, top5: 0.75, images: 4 }
  const text = epochTable(
    {
      metrics: [
        { kind: 'steps', ...place, rate: 1, loss: 9, top1: 0, top5: 0 },
        { kind: 'epoch', ...place, rate: 0.01, training, test },
        { kind: 'epoch', epoch: 2, step: 6, rate: 1e-7, training, test },
      ],
      timing: [{ kind: 'epoch', ...place, seconds: 1.5, imagesPerSecond: 4, at: '2026-01-01T00:00:00Z' }],
    },
    'test',
  )
  expect(text).toBe(
    'epoch,step,learning_rate,loss,accuracy,top5,test_loss,test_accuracy,test_top5,seconds,images_per_second\n' +
      '1,3,0.01,0.3333333333333333,0.5,1,2,0.25,0.75,1.5,4\n' +
      '2,6,1e-7,0.3333333333333333,0.5,1,2,0.25,0.75,,\n',
  )
})
