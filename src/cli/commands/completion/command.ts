import { Argument, Command } from 'commander'
import { completionScripts, type Shell } from '../../completion/scripts.js'
import { result } from '../../output.js'
import { choice } from '../../values.js'

const shells = Object.keys(completionScripts) as Shell[]

export function completionCommand(): Command {
  return new Command('completion')
    .description(
      'Prints what teaches a shell to complete commands, options, their values, runs, recipes, models and data sets.\n' +
        'Where `alexnet` is a command of the shell, that is: installed with `npm install --global`.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells).argParser(choice(shells)))
    .addHelpText(
      'after',
      `
Examples:
  echo 'source <(alexnet completion bash)' >> ~/.bashrc
  echo 'source <(alexnet completion zsh)' >> ~/.zshrc                    after compinit
  alexnet completion fish > ~/.config/fish/completions/alexnet.fish`,
    )
    .action((shell: Shell) => result(completionScripts[shell].trimEnd()))
}
