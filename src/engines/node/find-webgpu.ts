import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The graphics adapters that were found, by their names, or why WebGPU does not work here. */
export type WebGpuAnswer = { readonly adapters: readonly string[] } | { readonly problem: string }

/** Starting a driver for the first time may take some seconds; one that hangs is none. */
const MOST_SECONDS = 60

const shippedProbe = new URL('./webgpu-probe.js', import.meta.url)

/**
 * Asks whether WebGPU works in Node here, by trying it in a process of its own.
 * @param probe The script of that process.
 */
export function findWebGpu(probe = shippedProbe): Promise<WebGpuAnswer> {
  return new Promise((resolve) => {
    execFile(process.execPath, [fileURLToPath(probe)], { timeout: 1000 * MOST_SECONDS }, (error, stdout) => {
      const line = stdout.trim().split('\n').at(-1)
      if (line?.startsWith('{')) return resolve(shorten(JSON.parse(line) as WebGpuAnswer))
      const ending = error?.killed
        ? `it did not answer within ${MOST_SECONDS} seconds`
        : 'the driver has ended the process'
      resolve({ problem: `WebGPU was tried, and ${ending}` })
    })
  })
}

/** ONNX Runtime's message names files and functions of its own before it says that there is no adapter. */
function shorten(answer: WebGpuAnswer): WebGpuAnswer {
  if ('problem' in answer && answer.problem.includes('Failed to get a WebGPU adapter'))
    return { problem: 'no graphics adapter was found' }
  return answer
}
