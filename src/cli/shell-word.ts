/**
 * A path as it is typed in a command: in quotes where a shell would take it apart.
 * @example shellWord("it's mine") // `'it'\\''s mine'`
 */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\p{L}\p{M}\p{N}_@%+=:,./\\-]+$/u.test(text) && (platform === 'win32' || !text.includes('\\'))) return text
  if (platform === 'win32') return `"${text}"`
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`
  // The quotes of Bash and Zsh in which a line break is none.
  const escaped = text.replaceAll(/[\\']/g, '\\$&').replaceAll(/\p{Cc}/gu, (control) => {
    return `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `$'${escaped}'`
}
