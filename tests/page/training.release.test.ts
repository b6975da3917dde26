import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, missingChromium } from '../support/browser/chromium.js'
import { serveFolders } from '../support/browser/static-server.js'
import { BUILDING, buildPage, pageFolder } from '../support/page/build-page.js'
import { openPage } from '../support/page/open-page.js'
import { numberNamed } from '../support/page/training-numbers.js'

const MINUTE = 60_000

describe.skipIf(missingChromium)(`a whole training on the page ${missingChromium ?? ''}`, () => {
  let server: Awaited<ReturnType<typeof serveFolders>>
  let browser: Browser
  beforeAll(async () => {
    buildPage()
    server = await serveFolders({ '/': pageFolder })
    browser = await launchChromium()
  }, BUILDING)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  it('passes 80 % on shapes in five epochs', { timeout: 30 * MINUTE }, async () => {
    const { page, complaints, strangers, close } = await openPage(browser, `${server.origin}/index.html#/train`)
    await page.getByLabel('Epochs', { exact: true }).fill('5')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('Finished').waitFor({ timeout: 25 * MINUTE })
    expect(Number.parseFloat(await numberNamed(page, 'test accuracy, epoch 5'))).toBeGreaterThan(80)
    // The last predictions come after the last step.
    const shown = page.getByRole('region', { name: 'Test pictures' }).locator('canvas')
    await expect.poll(() => shown.count(), { timeout: MINUTE }).toBe(8)
    expect(complaints).toEqual([])
    expect(strangers).toEqual([])
    await close()
  })
})
