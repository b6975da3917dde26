import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, Option } from 'commander'
import { describeMachine } from '../engines/node/machine.js'
import { runtimeLine } from '../engines/runtime-line.js'
import { detail, setVerbosity } from './output.js'
import { wrongUsage } from './wrong-usage.js'

/** A command that has not been loaded: what the list of all commands says of it. */
interface Entry {
  readonly name: string
  readonly summary: string
  /** It is for programs, and not in the list. */
  readonly hidden?: true
  readonly load: () => Promise<Command>
}

const entries: readonly Entry[] = [
  {
    name: 'train',
    summary: 'train a network',
    load: async () => (await import('./commands/train/command.js')).trainCommand(),
  },
  {
    name: 'sweep',
    summary: 'train with every combination of some settings, and compare',
    load: async () => (await import('./commands/sweep/command.js')).sweepCommand(),
  },
  {
    name: 'lr-find',
    summary: 'look for a learning rate',
    load: async () => (await import('./commands/lr-find/command.js')).lrFindCommand(),
  },
  {
    name: 'evaluate',
    summary: 'measure a trained network on pictures that it has not learnt from',
    load: async () => (await import('./commands/evaluate/command.js')).evaluateCommand(),
  },
  {
    name: 'predict',
    summary: 'tell what pictures show',
    load: async () => (await import('./commands/predict/command.js')).predictCommand(),
  },
  {
    name: 'augment',
    summary: 'draw what the augmentation does to a picture',
    load: async () => (await import('./commands/augment/command.js')).augmentCommand(),
  },
  {
    name: 'serve',
    summary: 'answer over HTTP what pictures show',
    load: async () => (await import('./commands/serve/command.js')).serveCommand(),
  },
  {
    name: 'ui',
    summary: 'show runs on a page in the browser',
    load: async () => (await import('./commands/ui/command.js')).uiCommand(),
  },
  {
    name: 'features',
    summary: 'write the codes of pictures: what a layer gives for each',
    load: async () => (await import('./commands/features/command.js')).featuresCommand(),
  },
  {
    name: 'similar',
    summary: 'find the pictures most like one',
    load: async () => (await import('./commands/similar/command.js')).similarCommand(),
  },
  {
    name: 'report',
    summary: 'write the report of a run again',
    load: async () => (await import('./commands/report/command.js')).reportCommand(),
  },
  {
    name: 'inspect',
    summary: 'show the layers of a network',
    load: async () => (await import('./commands/inspect/command.js')).inspectCommand(),
  },
  {
    name: 'import',
    summary: "make a run of another program's weights",
    load: async () => (await import('./commands/import/command.js')).importCommand(),
  },
  {
    name: 'export',
    summary: 'write a trained network for other programs',
    load: async () => (await import('./commands/export/command.js')).exportCommand(),
  },
  {
    name: 'zoo',
    summary: 'list the trained networks that come with the package',
    load: async () => (await import('./commands/zoo/command.js')).zooCommand(),
  },
  {
    name: 'bench',
    summary: 'measure how fast this machine trains and classifies',
    load: async () => (await import('./commands/bench/command.js')).benchCommand(),
  },
  {
    name: 'doctor',
    summary: 'show what this machine offers',
    load: async () => (await import('./commands/doctor/command.js')).doctorCommand(),
  },
  {
    name: 'completion',
    summary: 'teach a shell to complete what is typed',
    load: async () => (await import('./commands/completion/command.js')).completionCommand(),
  },
  {
    name: 'complete',
    summary: 'answer what the shell asks',
    hidden: true,
    load: async () => (await import('./commands/complete/command.js')).completeCommand(),
  },
]

/**
 * The command line for these arguments. Only commands that are named among them are loaded, and each loads what it runs
 * when it is called: so `--help` is instant.
 */
export async function program(version: string, args: readonly string[]): Promise<Command> {
  const root = withWaysOut(new Command('alexnet'))
    .description('AlexNet in TypeScript: train, evaluate and use convolutional networks.')
    .version(version)
    .addOption(new Option('-q, --quiet', 'print results and errors only').conflicts('verbose'))
    .option('-v, --verbose', 'tell more: the engine and why, times, memory, the stacks of errors')
    .on('option:quiet', () => setVerbosity('quiet'))
    .on('option:verbose', () => {
      setVerbosity('verbose')
      detail(`alexnet ${version}, ${runtimeLine(describeMachine())} on ${process.platform} ${process.arch}`)
    })
    .addHelpText(
      'after',
      `
Examples:
  alexnet predict cat.jpg                    a network that comes along answers: it knows ten things
  alexnet train                              learn ten shapes drawn by code: a minute, no download
  alexnet train cifar10 --recipe 80sec       CIFAR-10, cuda-convnet's quickest network
  alexnet train --resume runs/cifar10-80sec-1
  alexnet predict runs/cifar10-80sec-1 cat.jpg
  alexnet serve runs/cifar10-80sec-1         the same over HTTP
  alexnet inspect alexnet                    layers, shapes, parameters, cost
  alexnet import alexnet.pth --out runs/torchvision
  alexnet export runs/cifar10-80sec-1 --out cifar10.onnx

Neurons, epochs, loss: what the words mean is in ${fromHere('docs/primer.md')}.`,
    )
  for (const { name, summary, hidden = false, load } of entries) {
    const command = args.includes(name) ? await load() : new Command(name)
    root.addCommand(withWaysOut(command.summary(summary)), { hidden })
  }
  return root
}

/** A file of the package, as one would open it from the current folder. */
function fromHere(file: string): string {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  const way = relative(process.cwd(), path)
  return way.startsWith('..') ? path : way
}

/** Errors are thrown when they have been printed, with names of other programs explained. */
function withWaysOut(command: Command): Command {
  return command
    .exitOverride()
    .configureHelp({ subcommandTerm: (sub) => sub.name(), showGlobalOptions: true })
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ outputError: (text, write) => write(wrongUsage(text, command)) })
}
