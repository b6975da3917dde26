/** Whether these are the tests of a release (`npm run test:release`), and not those of every change. */
const isThorough = process.env.ALEXNET_THOROUGH === '1'

/** How many cases a random test tries, or steps a long one takes: the first number, and the second before a release. */
export function thoroughly(always: number, beforeRelease: number): number {
  return isThorough ? beforeRelease : always
}
