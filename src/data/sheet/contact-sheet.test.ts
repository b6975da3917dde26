import { expect, it } from 'vitest'
import type { Image } from '../image.js'
import { memoryReader } from '../pictures.js'
import { shapes } from '../shapes.js'
import { augmentationRows } from './augmentation-rows.js'
import { drawText } from './bitmap-font.js'
import { contactSheet } from './contact-sheet.js'

it('draws letters, small for capitals, and a question mark for what it does not know', () => {
  const drawn = (text: string) => {
    const dots: string[] = []
    drawText(text, (x, y) => dots.push(`${x},${y}`))
    return dots
  }
  expect(drawn('l')).toEqual(['1,0', '2,0', '2,1', '2,2', '2,3', '2,4', '2,5', '1,6', '2,6', '3,6'])
  expect(drawn('L')).toEqual(drawn('l'))
  expect(drawn('鱼')).toEqual(drawn('?'))
  expect(drawn(' ')).toEqual([])
})

it('has a place for every picture and every label', () => {
  const black = { shape: [3, 100, 120] as const, data: new Uint8Array(36_000) }
  const { shape, data } = contactSheet([
    { label: 'one', cells: [black, black] },
    { label: 'two', cells: [black] },
  ])
  expect(shape[1]).toBeGreaterThan(200)
  expect(shape[2]).toBeGreaterThan(240)
  expect(data.length).toBe(3 * shape[1] * shape[2])
  expect(data.filter((value) => value === 0).length).toBe(3 * 36_000)
  expect(data.some((value) => value === 40)).toBe(true)
})

it('draws each kind and the chain, the same for the same seed', async () => {
  const { train } = shapes({ seed: 1, train: 1, test: 0 })
  const image = memoryReader(train.pictures, train.name)(0)
  const chain = {
    name: 'recipe x',
    transforms: [{ kind: 'rotation' as const, degrees: 5 }, { kind: 'mirror' as const }],
  }
  const rows = await augmentationRows(image, { size: 32, chain, seed: 3, count: 2 })
  expect(rows.map(({ label }) => label.split(':')[0])).toEqual([
    'as in a test, whole',
    'mirror',
    'vertical-flip',
    'rotation',
    'scaling',
    'translation',
    'random-crop',
    'random-resized-crop',
    'rand-augment',
    'colour-jitter',
    'grayscale',
    'colour-noise',
    'gaussian-noise',
    'random-erasing',
    'recipe x',
  ])
  expect(rows[3].label).toBe('rotation: degrees 5')
  expect(rows[0].cells[0].data).toEqual(image.data)
  expect(rows.slice(1).every(({ cells }) => cells.length === 2)).toBe(true)
  expect(await augmentationRows(image, { size: 32, chain, seed: 3, count: 2 })).toEqual(rows)
})

it('draws what mixup and CutMix make of a picture and another one', async () => {
  const plain = (value: number): Image => ({ shape: [3, 32, 32], data: new Uint8Array(3 * 32 * 32).fill(value) })
  const options = { size: 32, chain: { name: 'nothing', transforms: [] }, seed: 1, count: 4 }
  const rows = await augmentationRows(plain(100), { ...options, partner: plain(200), mix: { mixup: 0.5 } })
  const mixed = rows.slice(-2)
  expect(mixed.map(({ label }) => label)).toEqual(['mixup: alpha 0.5', 'cutmix: alpha 1'])
  const levels = mixed.map(({ cells }) => cells.map(({ data }) => [...new Set(data)].sort()))
  for (const [level, ...others] of levels[0]) {
    expect(others).toEqual([])
    expect(level).toBeGreaterThanOrEqual(100)
    expect(level).toBeLessThanOrEqual(200)
  }
  expect(levels[1]).toContainEqual([100, 200])
})
