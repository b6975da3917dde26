import { measureSignal, type Scheme } from './signal.ts'

addEventListener('message', ({ data }: MessageEvent<{ scheme: Scheme; seed: number }>) => {
  postMessage(measureSignal(data.scheme, data.seed))
})
