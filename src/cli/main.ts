#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { AlexNetError, messageOf } from '../errors.js'
import { program } from './program.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

// A reader that has seen enough (`alexnet inspect alexnet | head`) is no error, and no reason to end a training.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

try {
  const root = await program(version, process.argv.slice(2))
  await root.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Prints what went wrong; returns the exit code: 1, or 2 where the command line itself is wrong. */
function report(error: unknown): number {
  // Commander has printed its own message already, and --help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof AlexNetError) {
    process.stderr.write(`alexnet: ${oneLine(error.message)}\n`)
    if (error.hint) process.stderr.write(`${error.hint}\n`)
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
