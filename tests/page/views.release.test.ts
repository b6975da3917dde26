import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, missingChromium } from '../support/browser/chromium.js'
import { serveFolders } from '../support/browser/static-server.js'
import { BUILDING, buildPage, pageFolder } from '../support/page/build-page.js'
import { accessibilityFaults, openPage } from '../support/page/open-page.js'

const views = ['train', 'try', 'look', 'paper', 'runs'] as const

it('the page is small: under 300 kB gzipped without the binaries of ONNX Runtime', () => {
  buildPage()
  const sizes = readdirSync(pageFolder, { recursive: true, withFileTypes: true })
    // The primer is a document of its own, which the page never loads.
    .filter((entry) => entry.isFile() && !/\.wasm$|^primer\b/.test(entry.name))
    .map((entry) => gzipSync(readFileSync(join(entry.parentPath, entry.name)), { level: 9 }).length)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(50_000)
  expect(total).toBeLessThan(300_000)
})

describe.skipIf(missingChromium)(`the page's views ${missingChromium ?? ''}`, () => {
  let server: Awaited<ReturnType<typeof serveFolders>>
  let browser: Browser
  beforeAll(async () => {
    buildPage()
    // A folder below the root: the page must work from anywhere.
    server = await serveFolders({ '/some/folder/': pageFolder })
    browser = await launchChromium()
  }, BUILDING)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  const addressOf = (view: string) => `${server.origin}/some/folder/index.html#/${view}`

  it.each(views.flatMap((view) => (['light', 'dark'] as const).map((colorScheme) => [view, colorScheme] as const)))(
    '%s, %s: no serious fault for people with disabilities, no complaint, no stranger',
    async (view, colorScheme) => {
      const { page, complaints, strangers, close } = await openPage(browser, addressOf(view), { colorScheme })
      expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme)
      expect(await accessibilityFaults(page)).toEqual([])
      expect(complaints).toEqual([])
      expect(strangers).toEqual([])
      await close()
    },
  )

  it.each(views)('%s fits a phone: nothing to scroll sideways', async (view) => {
    const { page, close } = await openPage(browser, addressOf(view), { viewport: { width: 390, height: 844 } })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await close()
  })

  it('is walked through by keyboard, and remembers the colours', async () => {
    const { page, close } = await openPage(browser, addressOf('train'))
    await page.getByRole('link', { name: 'The paper' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: 'The paper, part by part' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark')
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await close()
  })

  it('the figures compute: LRN, dropout, momentum, the start of weights', async () => {
    const { page, complaints, close } = await openPage(browser, addressOf('paper'))
    const lrn = page.locator('#part-lrn')
    const before = await lrn.getByText('→').textContent()
    await lrn.getByRole('button', { name: 'A strong α' }).click()
    await expect.poll(() => lrn.getByText('→').textContent()).not.toBe(before)

    await page.locator('#part-dropout').getByRole('button', { name: '100 steps' }).click()
    await page.getByText('mean of 101 steps').waitFor()

    await page.locator('#part-learning').getByLabel('Rate ε').fill('100')
    await page.getByText('this rate is too high here').waitFor()

    await page.getByRole('button', { name: 'Send four pictures through' }).click()
    await page
      .getByRole('img', { name: /Deviation between pictures, last values: all biases 1 .*PyTorch/ })
      .waitFor({ timeout: 60_000 })
    expect(complaints).toEqual([])
    await close()
  })
})
