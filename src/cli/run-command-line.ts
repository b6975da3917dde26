import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { CommanderError } from 'commander'
import { AlexNetError, messageOf } from '../errors.js'
import { large } from '../format-numbers.js'
import { detail, setVerbosity } from './output.js'
import { printable, printableText } from './printable.js'
import { program } from './program.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/**
 * Runs `alexnet` with these arguments to its end. What goes wrong is printed, and told by the process's exit code.
 * @param args Without the program's own name: `['inspect', 'alexnet']`.
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  setVerbosity('normal')
  const start = performance.now()
  try {
    const root = await program(version, args)
    await root.parseAsync(args, { from: 'user' })
  } catch (error) {
    process.exitCode = report(error)
  } finally {
    const { maxRSS } = process.resourceUsage()
    detail(`took ${((performance.now() - start) / 1000).toFixed(2)} s, and ${large(1024 * maxRSS)}B of memory at most`)
  }
}

/** Prints what went wrong; returns the exit code: 1, or 2 where the command line itself is wrong. */
function report(error: unknown): number {
  // Commander has printed its own message already, and --help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof AlexNetError) {
    process.stderr.write(`alexnet: ${printable(oneLine(error.message))}\n`)
    if (error.hint) process.stderr.write(`${printableText(error.hint)}\n`)
    // With what has caused it.
    detail(inspect(error))
    return error.code === 'usage' ? 2 : 1
  }
  process.stderr.write(`alexnet: this is a bug: ${messageOf(error)}\n`)
  if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`)
  return 1
}

/** Names with line breaks in them must not break the one line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
