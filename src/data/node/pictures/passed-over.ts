/** What systems and programs leave in folders beside what people put there, in small letters. */
const leftBehind: ReadonlySet<string> = new Set([
  '__macosx',
  '@eadir',
  '@recycle',
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'recycler',
  'system volume information',
  'lost+found',
  '__pycache__',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
])

/** Whether a file or folder is hidden, or was left by a program: nobody means it when they speak of their pictures. */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || leftBehind.has(name.toLowerCase())
}
