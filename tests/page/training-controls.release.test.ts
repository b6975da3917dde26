import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, missingChromium } from '../support/browser/chromium.js'
import { serveFolders } from '../support/browser/static-server.js'
import { alexnet } from '../support/cli.js'
import { BUILDING, buildPage, pageFolder } from '../support/page/build-page.js'
import { openPage } from '../support/page/open-page.js'
import { numberNamed, stepOf } from '../support/page/training-numbers.js'

const MINUTE = 60_000

describe.skipIf(missingChromium)(`training on the page ${missingChromium ?? ''}`, () => {
  let server: Awaited<ReturnType<typeof serveFolders>>
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    buildPage()
    server = await serveFolders({ '/': pageFolder })
    browser = await launchChromium()
    folder = await mkdtemp(join(tmpdir(), 'alexnet-page-'))
  }, BUILDING)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('pauses, resumes, takes another rate, saves, loads and goes on', { timeout: 10 * MINUTE }, async () => {
    const { page, complaints, strangers, close } = await openPage(browser, `${server.origin}/index.html#/train`)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await expect.poll(() => stepOf(page), { timeout: 2 * MINUTE }).toBeGreaterThan(20)

    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: MINUTE })
    await page.waitForTimeout(500) // The last drawing comes a little after the last step.
    const paused = await stepOf(page)
    const saved = join(folder, 'paused.safetensors')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save weights' }).click()
    await (await download).saveAs(saved)
    await page.waitForTimeout(1000)
    expect(await stepOf(page)).toBe(paused)

    await page.getByRole('button', { name: 'Resume' }).click()
    await expect.poll(() => stepOf(page), { timeout: MINUTE }).toBeGreaterThan(paused)
    await page.getByLabel('Rate ε, now').fill('50')
    // The middle of a scale from 1e-5 to 0.1; the schedule takes a little from it.
    await expect
      .poll(async () => Number(await numberNamed(page, 'rate now')), { timeout: MINUTE })
      .toBeLessThan(0.00101)
    expect(Number(await numberNamed(page, 'rate now'))).toBeGreaterThan(0.0009)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped').waitFor({ timeout: MINUTE })

    // What was saved in the tab is a checkpoint for Node, and for the tab, which goes on from it.
    const { code, stdout } = await alexnet('evaluate', saved, '--json', '--engine', 'onnx')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ part: 'test', images: 2000 })
    await page.getByLabel('Load weights').and(page.locator('input')).setInputFiles(saved)
    await page.getByText(`goes on from paused.safetensors, after step ${paused}`).waitFor()
    await page.getByLabel('Epochs', { exact: true }).fill('5')
    await page.getByRole('button', { name: 'Start again' }).click()
    await expect.poll(() => stepOf(page), { timeout: MINUTE }).toBeGreaterThan(paused)

    expect(complaints).toEqual([])
    expect(strangers).toEqual([])
    await close()
  })
})
