import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = [
  process.env.ALEXNET_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const executablePath = places.find((place) => place && existsSync(place))

/** Why the tests in a browser cannot run here; undefined where they can. */
export const missingChromium = executablePath
  ? undefined
  : 'no Chromium was found: `apt install chromium`, or name one in ALEXNET_CHROMIUM'

/** A fresh Chromium. WebGPU without a graphics card comes from SwiftShader, which is part of it. */
export function launchChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0
  return chromium.launch({
    executablePath,
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--enable-features=Vulkan',
      '--use-vulkan=swiftshader',
    ],
  })
}
