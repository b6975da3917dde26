import { expect, it } from 'vitest'
import { imagenetteFolder, measure, picturesAreThere } from '../scripts/zoo/measure.js'
import { readCheckpoint } from '../src/runs/node/checkpoint-files.js'
import { readZooCard } from '../src/runs/node/read-zoo-card.js'
import { zooFile } from '../src/runs/node/zoo-files.js'
import { zooNames } from '../src/runs/zoo-names.js'

const photographs = imagenetteFolder(undefined)

it.runIf(picturesAreThere(photographs)).each(zooNames)(
  'zoo:%s gets as many pictures right as its card says',
  async (name) => {
    const { accuracy, certainty } = await readZooCard(name)
    const views = accuracy.map((one) => one.views as 1)
    const most = accuracy[0].images
    const measured = await measure(name, await readCheckpoint(zooFile(name)), { photographs, views, most })
    for (const [n, { top1, loss, images }] of accuracy.entries()) {
      expect(measured.accuracy[n].images).toBe(images)
      // Another engine or machine rounds otherwise: a few pictures may tip over.
      expect(Math.abs(measured.accuracy[n].top1 - top1)).toBeLessThan(0.003)
      expect(measured.accuracy[n].loss).toBeCloseTo(loss, 2)
    }
    expect(Math.abs(measured.certainty.own.unsure - certainty.own.unsure)).toBeLessThan(0.01)
    expect(Math.abs(measured.certainty.others.sure - certainty.others.sure)).toBeLessThan(0.01)
  },
  1_200_000,
)
