import type { PartName } from '../../../data/node/pictures/picture-list.js'
import type { ViewCount } from '../../../data/view-counts.js'
import { withViews } from '../../../data/views.js'
import { classifier } from '../../../inference/classifier.js'
import { evaluationLoader } from '../../../inference/node/evaluation-loader.js'
import { loadEvaluated } from '../../../inference/node/load-evaluated.js'
import { chooseEngine } from '../../choose-engine.js'
import { chosenDataset } from '../../chosen-dataset.js'
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
    const metrics = await net.evaluate(loader)
    result(
      flags.json
        ? JSON.stringify({ ...metrics, part: evaluated.part, views })
        : `${printable(evaluated.dataset.name)}: ${evaluationText(metrics, model.classes)}`,
    )
  } finally {
    await net.dispose()
    await loader.close()
  }
}
