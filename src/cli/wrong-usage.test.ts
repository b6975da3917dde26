import { describe, expect, it } from 'vitest'
import { recipeSchema } from '../runs/recipe.js'
import { things } from '../settings/elsewhere.js'
import { pathOf } from '../settings/key.js'
import { program } from './program.js'

const names = (await program('0', [])).commands.map((command) => command.name())
const root = await program('0', names)

/** What is printed of a wrong command line. */
function printed(...args: string[]): string {
  let text = ''
  for (const command of [root, ...root.commands]) command.configureOutput({ writeErr: (piece) => (text += piece) })
  expect(() => root.parse(args, { from: 'user' })).toThrow()
  return text.split('\n')[0]
}

describe('a name of another program', () => {
  it.each([
    ['--batch', 'train', '--batch-size'],
    ['--bs', 'train', '--batch-size'],
    ['-b', 'train', '--batch-size'],
    ['--imgsz', 'train', '--image-size'],
    ['--learning-rate', 'train', '--lr'],
    ['--learning_rate', 'train', '--lr'],
    ['--lr0', 'train', '--lr'],
    ['--lr0=0.1', 'train', '--lr'],
    ['--val-split', 'train', '--val-fraction'],
    ['--opt', 'train', '--optimizer'],
    ['--sched', 'train', '--schedule'],
    ['--num-epochs', 'train', '--epochs'],
    ['--wd', 'train', '--weight-decay'],
    ['--gpus', 'train', '--device webgpu'],
    ['--amp', 'train', '--precision bfloat16'],
    ['--pretrained', 'train', '--weights'],
    ['--output-dir', 'train', '--out'],
    ['--num-workers', 'train', '--workers'],
    ['--data-path', 'train', 'the argument DATASET'],
    ['--data-dir', 'train', 'the argument DATASET'],
    ['--data-dir', 'report', '--data'],
    ['--batchSize', 'train', '--batch-size'],
    ['--gradient-accumulation-steps', 'train', '--accumulate'],
    ['--warmup-epochs', 'train', '--warmup'],
    ['--pct-start', 'train', '--set schedule.pctStart=VALUE'],
    ['--normalization', 'train', '--set data.normalisation=VALUE'],
    ['--checkpoint', 'train', '--resume'],
    ['--checkpoint', 'evaluate', 'the argument RUN'],
    ['--topk', 'predict', '--top'],
    ['--tta', 'predict', '--views 10'],
    ['--bind', 'serve', '--host'],
  ])('%s of %s is %s', (option, command, here) => {
    expect(printed(command, option)).toBe(`error: there is no option '${option.split('=')[0]}': it is ${here} here`)
  })

  it.each([
    ['eval', 'evaluate'],
    ['infer', 'predict'],
    ['fit', 'train'],
    ['summary', 'inspect'],
  ])('%s is %s', (command, here) => {
    expect(printed(command)).toBe(`error: there is no command '${command}': it is \`alexnet ${here}\` here`)
  })

  it.each([
    [['--device', 'cuda'], "Allowed choices are cpu, webgpu. Did you mean 'webgpu'?"],
    [['--device', 'mps'], "Did you mean 'webgpu'?"],
    [['--precision', 'bf16'], "Did you mean 'bfloat16'?"],
    [['--precision', 'fp32'], "Did you mean 'float32'?"],
    [['--precision', 'half'], "Did you mean 'bfloat16'?"],
    [['--cache', 'ram'], "Did you mean 'memory'?"],
    [['--optimizer', 'adam'], "Did you mean 'adamw'?"],
    [['--initial', 'kaiming'], "Did you mean 'he'?"],
    [['--norm', 'batchnorm'], "Did you mean 'batch'?"],
    [['--schedule', 'step:30'], "Did you mean 'steps'?"],
    [['--set', 'lr=0.1'], 'It is optimizer.rate here.'],
    [['--set', 'optimizer.weight_decay=0'], 'It is optimizer.weightDecay here.'],
    [['--set', 'schedule=cosine'], 'Write {kind: cosine}.'],
    [['--set', 'data.mix.alpha=1'], 'Known: mixup, cutmix, probability, switch.'],
  ])('%j', (args, hint) => {
    expect(printed('train', ...args)).toContain(hint)
  })
})

describe('settings as some programs take them', () => {
  it.each([
    [['train', 'shapes', 'epochs=3'], "'epochs=3' is no argument: write --epochs 3"],
    [['train', 'data=./pictures', 'imgsz=64'], "'data=./pictures' is no argument: write --data ./pictures"],
    [['train', 'x', 'imgsz=64'], "'imgsz=64' is no argument: write --image-size 64"],
    [['train', 'x', 'warmup=2'], "'warmup=2' is no argument: write --warmup 2"],
    [['evaluate', 'x', 'y', 'model=runs/a'], "'model=runs/a' is no argument: write --model runs/a"],
    [['train', 'a', 'b'], "too many arguments for 'train'. Expected 1 argument but got 2."],
  ])('%j', (args, message) => {
    expect(printed(...args)).toBe(`error: ${message}`)
  })
})

describe('a name that nobody has', () => {
  it('is answered with the nearest option of the command', () => {
    expect(printed('train', '--epoch')).toBe("error: unknown option '--epoch'")
    expect(printed('doctor', '--lr')).toBe("error: unknown option '--lr'")
  })
})

describe('the table', () => {
  const options = new Set(root.commands.flatMap((command) => command.options.map(({ long }) => long)))
  const theArguments = new Set(
    root.commands.flatMap((command) => command.registeredArguments.map((argument) => argument.name().toUpperCase())),
  )

  it.each(things.flatMap(({ here }) => here))('%s is here', (here) => {
    if (here.startsWith('--')) expect(options).toContain(here.split(' ')[0])
    else if (here.startsWith('alexnet ')) expect(names).toContain(here.slice('alexnet '.length))
    else if (here === here.toUpperCase()) expect(theArguments).toContain(here)
    else expect(pathOf(recipeSchema, here).join('.')).toBe(here)
  })
})
