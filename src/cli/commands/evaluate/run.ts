import type { PartName } from '../../../data/node/pictures/picture-list.js'
import type { ViewCount } from '../../../data/view-counts.js'
import { withViews } from '../../../data/views.js'
import { ClassCounts } from '../../../inference/class-counts.js'
import { classifier } from '../../../inference/classifier.js'
import { evaluationLoader } from '../../../inference/node/evaluation-loader.js'
import { loadEvaluated } from '../../../inference/node/load-evaluated.js'
import { describeLagging, laggingClasses } from '../../../runs/lagging-classes.js'
import { readScan } from '../../../runs/node/scan-file.js'
import { chooseEngine } from '../../choose-engine.js'
import { chosenDataset } from '../../chosen-dataset.js'
import { classAnswer } from '../../class-answer.js'
import { evaluationText } from '../../format.js'
import { openCheckpoint } from '../../open-checkpoint.js'
import type { ComputeOptions } from '../../options.js'
import { remark, result } from '../../output.js'
import { printable } from '../../printable.js'
import { warning } from '../../warning.js'

export interface EvaluateFlags extends ComputeOptions {
  readonly data?: string
  readonly part?: PartName
  readonly followLinks?: true
  readonly batchSize: number
  readonly views: ViewCount
  readonly average: boolean
  readonly json?: true
}

/** `alexnet evaluate`: a checkpoint and pictures in, accuracy out. */
export async function runEvaluate(run: string, dataset: string | undefined, flags: EvaluateFlags): Promise<void> {
  const { engine } = await chooseEngine(flags)
  const checkpoint = await openCheckpoint(run, flags)
  const chosen = await chosenDataset(dataset, flags.data)
  const { part, followLinks } = flags
  const evaluated = await loadEvaluated(run, checkpoint, { ...chosen, part, followLinks })
  for (const note of evaluated.notes) remark(warning(note))
  const { batchSize, threads, precision, views } = flags
  const { model, state } = checkpoint
  const preprocessing = withViews(checkpoint.preprocessing, views)
  // A batch of the net is as many views, whatever pictures they are of.
  const pictures = Math.max(1, Math.floor(batchSize / views))
  const loader = evaluationLoader({ dataset: evaluated.dataset, preprocessing, batchSize: pictures, workers: 1 })
  const net = await classifier(engine, model, { batchSize, threads, precision })
  try {
    await net.load(state)
    const counts = new ClassCounts(model.classes)
    const metrics = await net.evaluate(loader, undefined, (classified) => counts.add(classified))
    const results = counts.take()
    result(
      flags.json
        ? JSON.stringify({ ...metrics, part: evaluated.part, views, ...classAnswer(results, checkpoint.classes) })
        : `${printable(evaluated.dataset.name)}: ${evaluationText(metrics, results)}`,
    )
    // Of what is no folder only the pictures that are evaluated tell which classes are rare.
    const learnt = (await readScan(run))?.counts.train ?? results.map(({ pictures }) => pictures)
    const lagging = laggingClasses(results, learnt)
    if (lagging.length > 0) remark(warning(printable(describeLagging(lagging, checkpoint.classes, checkpoint.recipe))))
  } finally {
    await net.dispose()
    await loader.close()
  }
}
