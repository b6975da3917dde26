/** What the tests call in the tab. */
import { type WebDevice, webEngine } from '../../../src/engines/web/web-engine.js'
import { firstLosses } from '../tiny-trainings.js'

const wasmPaths = '/ort/'

export const isIsolated = () => crossOriginIsolated

export async function losses(device: WebDevice, training: string) {
  const { engine, found } = await webEngine({ device, threads: 2, wasmPaths })
  return { found, losses: await firstLosses(engine, training) }
}
