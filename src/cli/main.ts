#!/usr/bin/env node
import { runCommandLine } from './run-command-line.js'

// A reader that has seen enough (`alexnet inspect alexnet | head`) is no error, and no reason to end a training.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

await runCommandLine(process.argv.slice(2))
