import { Command } from 'commander'
import { addComputeOptions, type ComputeOptions, integer, jsonOption } from './options.js'

interface EvaluateFlags extends ComputeOptions {
  readonly data?: string
  readonly batchSize: number
  readonly json?: true
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .summary('measure a trained network on the test pictures')
    .description('Classifies the test part of a data set with a trained network and prints accuracy and loss.')
    .argument('<run>', 'the folder of a run, or a .safetensors file')
    .argument('[dataset]', 'shapes or cifar10 (default: what it was trained on)')
    .option('--data <dir>', 'the folder that holds the data set')
    .option('--batch-size <count>', 'pictures at a time', integer(1), 128)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet evaluate runs/cifar10-80sec-1
  alexnet evaluate runs/cifar10-80sec-1/last.safetensors --json`,
    )
  return addComputeOptions(command).action(async (run: string, dataset: string | undefined, flags: EvaluateFlags) => {
    const [
      { selectEngine },
      { readCheckpoint },
      { loadDataset },
      { classifier },
      { count, percent },
      { AlexNetError },
    ] = await Promise.all([
      import('../engines/node/select-engine.js'),
      import('../training/node/run-directory.js'),
      import('../data/node/load-dataset.js'),
      import('../training/classifier.js'),
      import('./format.js'),
      import('../errors.js'),
    ])
    const { engine } = await selectEngine(flags.engine)
    const { model, preprocessing, recipe, state, classes } = await readCheckpoint(run)
    const name = dataset ?? recipe.data.name
    const { test } = await loadDataset(name, { directory: flags.data, seed: recipe.training.seed })
    if (test.classes.join('\n') !== classes.join('\n'))
      throw new AlexNetError(
        'incompatible-state',
        `${run} tells ${classes.length} classes apart (${classes[0]}, …), ${name} has ${test.classes.length} (${test.classes[0]}, …)`,
      )
    const { batchSize, threads, precision } = flags
    const tester = await classifier(engine, model, { batchSize, threads, precision })
    await tester.load(state)
    const metrics = await tester.evaluate(test, preprocessing)
    await tester.dispose()
    const { top1, top5, loss, images } = metrics
    process.stdout.write(
      flags.json
        ? `${JSON.stringify(metrics)}\n`
        : `${name}: accuracy ${percent(top1)}, top-5 ${percent(top5)}, loss ${loss.toFixed(4)} on ${count(images)} test pictures\n`,
    )
  })
}
