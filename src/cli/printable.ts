/** Names of files may hold line breaks and control characters, which a terminal would obey. */
export function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, '?')
}

/** A message of one line or several, which may name what comes from outside. */
export function printableText(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '?')
}
