import { selectEngine } from '../engines/node/select-engine.js'
import { classifier } from '../training/classifier.js'
import { evaluationLoader } from '../training/node/evaluation-loader.js'
import { loadEvaluated } from '../training/node/load-evaluated.js'
import { readCheckpoint } from '../training/node/run-directory.js'
import { chosenDataset } from './chosen-dataset.js'
import type { EvaluateFlags } from './evaluate.js'
import { count, percent } from './format.js'

/** `alexnet evaluate`: a checkpoint and pictures in, accuracy out. */
export async function runEvaluateCommand(
  run: string,
  dataset: string | undefined,
  flags: EvaluateFlags,
): Promise<void> {
  const { engine } = await selectEngine(flags.engine, flags.device)
  const checkpoint = await readCheckpoint(run)
  const chosen = await chosenDataset(dataset, flags.data)
  const evaluated = await loadEvaluated(run, checkpoint, { ...chosen, part: flags.part })
  const { batchSize, threads, precision } = flags
  const { preprocessing, model, state } = checkpoint
  const loader = evaluationLoader({ dataset: evaluated.dataset, preprocessing, batchSize, workers: 1 })
  const net = await classifier(engine, model, { batchSize, threads, precision })
  try {
    await net.load(state)
    const metrics = await net.evaluate(loader)
    const { top1, top5, loss, images } = metrics
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ ...metrics, part: evaluated.part })}\n`
        : `${evaluated.dataset.name}: accuracy ${percent(top1)}, top-5 ${percent(top5)}, loss ${loss.toFixed(4)} on ${count(images)} pictures\n`,
    )
  } finally {
    await net.dispose()
    await loader.close()
  }
}
