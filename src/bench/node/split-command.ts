/**
 * The words of a command: parted by blanks; what stands in single or double quotes stays together. Nothing else means
 * anything: no variables, no backslashes, which are parts of paths on Windows.
 */
export function splitCommand(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}
