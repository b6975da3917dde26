import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, missingChromium } from '../support/browser/chromium.js'
import { type Started, start } from '../support/cli.js'
import { BUILDING, buildPage } from '../support/page/build-page.js'
import { accessibilityFaults, openPage } from '../support/page/open-page.js'

const MINUTE = 60_000

describe.skipIf(missingChromium)(`runs on the page ${missingChromium ?? ''}`, () => {
  let browser: Browser
  let folder: string
  let training: Started | undefined
  beforeAll(async () => {
    buildPage()
    browser = await launchChromium()
    folder = await mkdtemp(join(tmpdir(), 'alexnet-page-'))
  }, BUILDING)
  afterAll(async () => {
    training?.child.kill('SIGTERM')
    await training?.finished
    await browser?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('follows `alexnet train --ui` from step to step, and a reload loses nothing', {
    timeout: 5 * MINUTE,
  }, async () => {
    // The engine that is always there; enough epochs to be watched.
    training = start(['train', '--width', '0.125', '--epochs', '40', '--engine', 'onnx', '--ui'], { cwd: folder })
    const address = await pageOf(training)
    const { page, complaints, strangers, close } = await openPage(browser, address)
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    await page.getByRole('checkbox', { name: 'shapes-alexnet-cifar-1' }).waitFor({ timeout: MINUTE })

    const chart = page.getByRole('img', { name: /^Loss, last values: training/ })
    await chart.waitFor({ timeout: MINUTE })
    const before = await chart.getAttribute('aria-label')
    await expect.poll(() => chart.getAttribute('aria-label'), { timeout: MINUTE }).not.toBe(before)
    await page.getByText('mean |Δw|').waitFor({ timeout: 2 * MINUTE })
    for (const title of ['Filters of the first layer', 'A batch as the network sees it', 'Its most confident mistakes'])
      await page.getByRole('heading', { name: new RegExp(title) }).waitFor({ timeout: MINUTE })
    expect(await accessibilityFaults(page)).toEqual([])

    await page.reload()
    await chart.waitFor({ timeout: MINUTE })
    await page.getByRole('heading', { name: 'Filters of the first layer' }).waitFor({ timeout: MINUTE })
    expect(complaints).toEqual([])
    expect(strangers).toEqual([])
    await close()
  })
})

/** Where the training says that its page is. */
function pageOf({ child }: Started): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    const listen = (text: string) => {
      output += text
      const [, url] = /Page at (http:\S+?)\.? /.exec(output) ?? []
      if (url) resolve(url)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.on('close', () => reject(new Error(`ended without a page:\n${output}`)))
  })
}
