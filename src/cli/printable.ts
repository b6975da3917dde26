/** Names of files may hold line breaks and control characters, which a terminal would obey. */
export function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, '?')
}
