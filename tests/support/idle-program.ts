import type { Command } from 'commander'
import { program } from '../../src/cli/program.js'

/** `alexnet` with all its commands loaded, none of which does anything. */
export async function idleProgram(): Promise<Command> {
  const names = (await program('0', [])).commands.map((command) => command.name())
  const root = await program('0', names)
  for (const command of [root, ...root.commands]) command.configureOutput({ writeErr() {}, outputError() {} })
  for (const command of root.commands) command.action(() => undefined)
  return root
}

/** The long names of a command's own options. */
export function optionsOf({ options }: Command): string[] {
  return options.map(({ long }) => long!)
}
