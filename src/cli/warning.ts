import pc from 'picocolors'

/** A line that a person should not overlook. */
export function warning(text: string): string {
  return pc.yellow(`warning: ${text}`)
}
