import type { Page } from 'playwright-core'

/** The step that the training of the page has come to. */
export async function stepOf(page: Page): Promise<number> {
  return Number((await numberNamed(page, 'step')).replaceAll(',', ''))
}

/** A number of the panel by its name. */
export async function numberNamed(page: Page, name: string): Promise<string> {
  const rows = await page.locator('.numbers > div').allInnerTexts()
  return (
    rows
      .find((row) => row.startsWith(`${name}\n`))
      ?.split('\n')
      .at(-1) ?? '0'
  )
}
