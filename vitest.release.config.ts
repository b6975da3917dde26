import { mergeConfig } from 'vitest/config'
import everyChange from './vitest.config.js'

/**
 * What a release needs besides `npm test`: the page and trainings in a real browser, WebGPU computed by the processor,
 * memory over hundreds of steps, speed measured by the command line, and the random tests with many more cases.
 */
const config = mergeConfig(everyChange, { test: { env: { ALEXNET_THOROUGH: '1' } } })
config.test.include = [
  '{src,tests}/**/*.release.test.ts',
  'src/engines/stacks.test.ts',
  'src/exchange/damaged-files.test.ts',
  'src/server/malformed-requests.test.ts',
]
config.test.exclude = ['**/node_modules/**']

export default config
