import { AlexNetError } from '../../errors.js'

/** What WebGPU gives to this page. */
export interface GraphicsAdapter {
  readonly name: string
  /** The largest buffer that an operator may read or write as a whole, in bytes. */
  readonly largestBinding: number
}

/**
 * The graphics adapter that WebGPU gives to this page.
 * @throws AlexNetError `engine-unavailable` when there is none.
 */
export async function graphicsAdapter(): Promise<GraphicsAdapter> {
  // Only pages from https:// or this machine have it.
  if (!navigator.gpu)
    throw new AlexNetError(
      'engine-unavailable',
      'this browser offers no WebGPU to this page',
      'Take a recent Chrome, Edge, Firefox or Safari, over https:// or from localhost, or compute on the processor.',
    )
  const adapter = await navigator.gpu.requestAdapter()
  if (!adapter)
    throw new AlexNetError(
      'engine-unavailable',
      'WebGPU finds no graphics adapter here',
      'Its driver may be on the list of those that the browser blocks (chrome://gpu says so); compute on the processor.',
    )
  const { vendor, architecture, description } = adapter.info
  return {
    name: description || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name',
    largestBinding: Math.min(adapter.limits.maxStorageBufferBindingSize, adapter.limits.maxBufferSize),
  }
}
