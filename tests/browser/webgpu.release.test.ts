import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingChromium } from '../support/browser/chromium.js'
import { openTab, type Tab } from '../support/browser/tab.js'
import { firstLosses } from '../support/browser/tiny-trainings.js'
import { onnx } from '../support/engines.js'

describe.skipIf(missingChromium)(`training on WebGPU in a tab ${missingChromium ?? ''}`, { timeout: 120_000 }, () => {
  let tab: Tab
  beforeAll(async () => {
    tab = await openTab()
  }, 60_000)
  afterAll(async () => {
    await tab?.close()
  })

  it('on WebGPU has the losses of the processor', { timeout: 300_000 }, async () => {
    const name = 'smallest'
    const { found, losses } = await tab.call<{ found: string; losses: number[] }>('losses', 'webgpu', name, 3)
    expect(found).toMatch(/^WebGPU, ./)
    const expected = await firstLosses(onnx, name, 3)
    expect(losses).toHaveLength(3)
    losses.forEach((loss, step) => {
      expect(Math.abs(loss - expected[step]), `step ${step}`).toBeLessThan(1e-3)
    })
  })

  it('says nothing in the console', () => {
    expect(tab.errors).toEqual([])
  })
})
