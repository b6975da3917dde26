import pc from 'picocolors'

/** How much is said: results and errors alone, what a person wants to follow, or how it comes about as well. */
export type Verbosity = 'quiet' | 'normal' | 'verbose'

let verbosity: Verbosity = 'normal'

/** Of the whole program, until it is set again. */
export function setVerbosity(to: Verbosity): void {
  verbosity = to
}

/** With `--quiet` nothing is said but results and errors. */
export function isQuiet(): boolean {
  return verbosity === 'quiet'
}

/** With `--verbose` errors are shown with their stacks. */
export function isVerbose(): boolean {
  return verbosity === 'verbose'
}

/** What a command was called for, on the standard output. */
export function result(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** What a person should know on the way, on the standard error; not with `--quiet`. */
export function remark(line: string): void {
  if (!isQuiet()) process.stderr.write(`${line}\n`)
}

/** How something comes about, on the standard error, with `--verbose` alone. */
export function detail(line: string): void {
  if (isVerbose()) process.stderr.write(`${pc.dim(line)}\n`)
}
