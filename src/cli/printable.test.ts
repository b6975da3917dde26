import { expect, it } from 'vitest'
import { printable, printableText } from './printable.js'

it('a terminal obeys no name: control characters and line breaks are shown as ?', () => {
  expect(printable('a\u001b[31m\nb\u0085.jpg')).toBe('a?[31m?b?.jpg')
  expect(printable('Ζώα & co – 猫.jpg')).toBe('Ζώα & co – 猫.jpg')
})

it('a message keeps its lines', () => {
  expect(printableText('one\u0007\ntwo\r')).toBe('one?\ntwo?')
})
