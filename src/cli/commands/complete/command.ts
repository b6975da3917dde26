import { Command } from 'commander'
import { result } from '../../output.js'

/** `alexnet complete -- WORDS…`, which the scripts of `alexnet completion` ask. */
export function completeCommand(): Command {
  return new Command('complete')
    .description('Prints what may stand in the place of the last word: see src/cli/completion/scripts.ts.')
    .argument('[words...]', 'what is typed behind `alexnet`')
    .action(async (words: string[], _: object, command: Command) => {
      const { candidates } = await import('../../completion/candidates.js')
      const found = await candidates(command.parent ?? command, words)
      // A tab or a line break parts the answer.
      const shown = found.words.filter(({ value }) => !/[\t\n]/.test(value))
      result([found.files, ...shown.map(({ value, about = '' }) => `${value}\t${about.split('\n')[0]}`)].join('\n'))
    })
}
