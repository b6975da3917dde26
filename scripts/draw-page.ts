/**
 * Draws the pictures of the page for the documents: `npx tsx scripts/draw-page.ts CHECKPOINT`, after `npm run build:web`. The
 * checkpoint is a network for `shapes`; the training that is shown is a real one, of an epoch.
 */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { launchChromium } from '../tests/support/browser/chromium.js'
import { serveFolders } from '../tests/support/browser/static-server.js'

const inRepository = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const [checkpoint] = process.argv.slice(2)
const server = await serveFolders({ '/': inRepository('dist/web') })
const browser = await launchChromium()

async function open(view: string, colorScheme: 'light' | 'dark'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 860 }, colorScheme })
  await page.goto(`${server.origin}/index.html#/${view}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

/** As a PNG with a palette: a page has few colours. */
async function save(page: Page, name: string): Promise<void> {
  await sharp(await page.screenshot())
    .png({ palette: true, colours: 128, effort: 10 })
    .toFile(inRepository(`docs/${name}`))
}

const paper = await open('paper/lrn', 'dark')
await paper.getByRole('button', { name: 'A strong α' }).click()
await paper.locator('#part-lrn').scrollIntoViewIfNeeded()
await paper.mouse.move(0, 0)
await save(paper, 'page-paper.png')

if (checkpoint) {
  const look = await open('look', 'light')
  await look.getByLabel('Open weights').and(look.locator('input')).setInputFiles(checkpoint)
  await look.getByRole('button', { name: 'Draw a shape' }).click()
  await look.getByRole('button', { name: 'Cover it part by part' }).click({ timeout: 120_000 })
  await look.getByRole('img', { name: /carry the answer/ }).waitFor({ timeout: 120_000 })
  await look.getByRole('region', { name: 'Occlusion map' }).evaluate((element) => element.scrollIntoView())
  await save(look, 'page-look.png')
}

const training = await open('train', 'light')
await training.getByRole('button', { name: 'Start', exact: true }).click()
await training.getByText(/test accuracy, epoch/).waitFor({ timeout: 900_000 })
await training.getByRole('button', { name: 'Pause' }).click()
await training.waitForTimeout(3000)
await save(training, 'page-train.png')

await browser.close()
await server.close()
