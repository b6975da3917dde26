import { measureSignal, type Scheme } from './signal.ts'

addEventListener('message', async ({ data }: MessageEvent<{ scheme: Scheme; seed: number }>) => {
  postMessage({ scheme: data.scheme, signal: await measureSignal(data.scheme, data.seed) })
})
