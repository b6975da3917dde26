import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingChromium } from '../support/browser/chromium.js'
import { openTab, type Tab } from '../support/browser/tab.js'
import { firstLosses, trainingNames } from '../support/browser/tiny-trainings.js'
import { onnx } from '../support/engines.js'

describe.skipIf(missingChromium)(`training in a tab ${missingChromium ?? ''}`, { timeout: 120_000 }, () => {
  let tab: Tab
  beforeAll(async () => {
    tab = await openTab()
  }, 60_000)
  afterAll(async () => {
    await tab?.close()
  })

  it.each(trainingNames)('on the processor has the losses of Node: %s', async (name) => {
    const { found, losses } = await tab.call<{ found: string; losses: number[] }>('losses', 'cpu', name, 10)
    expect(found).toBe('WebAssembly, 2 threads')
    const expected = await firstLosses(onnx, name, 10)
    expect(losses).toHaveLength(10)
    losses.forEach((loss, step) => {
      expect(Math.abs(loss - expected[step]), `step ${step}`).toBeLessThan(1e-4)
    })
  })

  it('says nothing in the console', () => {
    expect(tab.errors).toEqual([])
  })
})
