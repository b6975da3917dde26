import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toInterleaved } from '../../src/data/image.js'
import { memoryReader } from '../../src/data/pictures.js'
import { shapes } from '../../src/data/shapes.js'
import { encodeCheckpoint } from '../../src/runs/checkpoint.js'
import { launchChromium, missingChromium } from '../support/browser/chromium.js'
import { serveFolders } from '../support/browser/static-server.js'
import { alexnet } from '../support/cli.js'
import { BUILDING, buildPage, pageFolder } from '../support/page/build-page.js'
import { accessibilityFaults, openPage } from '../support/page/open-page.js'
import { tinyCheckpoint } from '../support/tiny-checkpoint.js'

/** Top 5 as `alexnet predict --json` prints them. */
type Predicted = readonly { readonly top: readonly { readonly label: string; readonly probability: number }[] }[]

/** In percentage points: the page shows tenths. */
const ROUNDED = 0.06

/** Node reduces a larger picture to bytes before it prepares it, the page to floats: half a level of 255 for each pixel. */
const REDUCED = 0.5

describe.skipIf(missingChromium)(`pictures on the page ${missingChromium ?? ''}`, () => {
  let server: Awaited<ReturnType<typeof serveFolders>>
  let browser: Browser
  let folder: string
  let checkpoint: string
  beforeAll(async () => {
    buildPage()
    server = await serveFolders({ '/': pageFolder })
    browser = await launchChromium()
    folder = await mkdtemp(join(tmpdir(), 'alexnet-page-'))
    checkpoint = join(folder, 'net.safetensors')
    await writeFile(checkpoint, Buffer.concat(encodeCheckpoint(tinyCheckpoint())))
  }, BUILDING)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  /** A shape, as it is or enlarged to another size and aspect. */
  const pictureFile = async (index: number, width: number, height: number): Promise<string> => {
    const image = memoryReader(shapes({ seed: 1, train: 1, test: 10 }).test.pictures, 'test')(index)
    const file = join(folder, `shape-${index}.png`)
    const raw = { width: 32, height: 32, channels: 3 } as const
    await sharp(toInterleaved(image), { raw }).resize(width, height, { fit: 'fill' }).png().toFile(file)
    return file
  }

  it('a picture that is dropped has the top 5 of `alexnet predict`', { timeout: 240_000 }, async () => {
    const { page, complaints, strangers, close } = await openPage(browser, `${server.origin}/index.html#/try`)
    await page.getByLabel('Open weights').and(page.locator('input')).setInputFiles(checkpoint)
    await page.getByText('tells 10 classes apart').waitFor({ timeout: 120_000 })
    const pictures = [
      { index: 4, width: 32, height: 32, tolerance: ROUNDED },
      { index: 7, width: 300, height: 200, tolerance: REDUCED },
    ]
    for (const { index, width, height, tolerance } of pictures) {
      const file = await pictureFile(index, width, height)
      await drop(page, file)
      const { stdout } = await alexnet('predict', checkpoint, file, '--json', '--engine', 'onnx')
      const [{ top }] = JSON.parse(stdout) as Predicted
      // The answer to the picture before may still be there for a moment.
      await expect
        .poll(() => furthest(page, top), { timeout: 60_000, message: 'percentage points of the five bars' })
        .toBeLessThan(tolerance)
    }
    expect(await accessibilityFaults(page)).toEqual([])

    await page.getByRole('link', { name: 'Look inside' }).first().click()
    await page.getByText('What each layer answers').waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Cover it part by part' }).click()
    await page.getByRole('img', { name: /carry the answer/ }).waitFor({ timeout: 120_000 })
    await page.getByRole('button', { name: 'features.0 conv2d, map 1: enlarge' }).click()
    await page.getByRole('dialog').getByText('Answers from').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(complaints).toEqual([])
    expect(strangers).toEqual([])
    await close()
  })

  it('says in a line what is wrong with a file', { timeout: 120_000 }, async () => {
    const { page, close } = await openPage(browser, `${server.origin}/index.html#/try`)
    const wrong = join(folder, 'wrong.safetensors')
    await writeFile(wrong, 'this is no checkpoint')
    await page.getByLabel('Open weights').and(page.locator('input')).setInputFiles(wrong)
    expect(await page.getByRole('alert').textContent({ timeout: 60_000 })).toContain('Wrong.safetensors: ')
    await page.getByLabel('Choose a picture').and(page.locator('input')).setInputFiles(wrong)
    await page.getByText('is not a picture that this browser can read').waitFor()
    await close()
  })
})

/** How far the page's bars are from these classes, in percentage points; infinitely where the classes differ. */
async function furthest(page: Page, top: Predicted[number]['top']): Promise<number> {
  const rows = (await page.locator('.try .bars li').allInnerTexts()).map((row) => row.split('\n'))
  if (rows.map(([label]) => label).join() !== top.map(({ label }) => label).join()) return Number.POSITIVE_INFINITY
  const distances = rows.map((row, place) => Math.abs(Number.parseFloat(row.at(-1)!) - 100 * top[place].probability))
  return Math.max(...distances)
}

/** Drops a file onto the page, as a hand would. */
async function drop(page: Page, file: string): Promise<void> {
  const bytes = (await sharp(file).png().toBuffer()).toString('base64')
  const data = await page.evaluateHandle(async (base64) => {
    const transfer = new DataTransfer()
    const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    transfer.items.add(new File([content], 'picture.png', { type: 'image/png' }))
    return transfer
  }, bytes)
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data })
}
