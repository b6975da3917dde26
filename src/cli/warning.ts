import pc from 'picocolors'
import { printableText } from './printable.js'

/** A line that a person should not overlook. */
export function warning(text: string): string {
  return pc.yellow(`warning: ${printableText(text)}`)
}
