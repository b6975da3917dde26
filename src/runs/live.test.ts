import { describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../formats/safetensors.js'
import { uint8 } from '../tensor.js'
import { decodeLiveSnapshot, encodeLiveSnapshot, type LiveSnapshot } from './live.js'

const snapshot: LiveSnapshot = {
  record: {
    ...{ at: '2012-09-30T12:00:00.000Z', epoch: 1, step: 10, labels: ['cat'] },
    parameters: [{ name: 'features.0.weight', weight: 0.01, change: null, ratio: null }],
    mistakes: [{ label: 'cat', predicted: 'dog', probability: 0.9, index: 7 }],
  },
  pictures: {
    batch: uint8(
      [1, 3, 2, 2],
      Uint8Array.from({ length: 12 }, (_, i) => i),
    ),
  },
}
const bytesOf = (parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts))

describe('what a net looks like', () => {
  it('comes back as it was', () => {
    expect(decodeLiveSnapshot(bytesOf(encodeLiveSnapshot(snapshot)))).toEqual(snapshot)
  })

  it('is nothing where the file is damaged, or another', () => {
    const bytes = bytesOf(encodeLiveSnapshot(snapshot))
    expect(decodeLiveSnapshot(bytes.subarray(0, bytes.length - 1))).toBeUndefined()
    expect(decodeLiveSnapshot(encodeSafetensors({}, { format: 'other' }))).toBeUndefined()
    expect(decodeLiveSnapshot(encodeSafetensors({}, { format: 'alexnet-live-1', record: '{}' }))).toBeUndefined()
  })
})
