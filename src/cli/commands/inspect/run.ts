import { existsSync } from 'node:fs'
import { printProgram } from '../../../graph/print.js'
import { createModel, modelCatalogue } from '../../../models/catalogue.js'
import type { Model } from '../../../models/model.js'
import { type ModelSummary, summarise } from '../../../models/summary.js'
import { trainingProgram } from '../../../programs/training-program.js'
import { readCheckpoint } from '../../../runs/node/checkpoint-files.js'
import { optimizerIn } from '../../../runs/recipe.js'
import { count, table } from '../../format.js'
import { result } from '../../output.js'

export interface InspectFlags {
  readonly classes?: number
  readonly imageSize?: number
  readonly width?: number
  readonly program?: true
  readonly batchSize: number
  readonly json?: true
}

/** `alexnet inspect`: the networks, the layers of one, or its training program. */
export async function runInspect(name: string | undefined, flags: InspectFlags): Promise<void> {
  if (name === undefined) {
    result(flags.json ? JSON.stringify(modelCatalogue) : catalogueTable())
    return
  }
  const isKnown = modelCatalogue.some((model) => model.name === name)
  const checkpoint = !isKnown && existsSync(name) ? await readCheckpoint(name) : undefined
  const model = checkpoint?.model ?? catalogueModel(name, flags)
  if (flags.program) {
    const optimizer = checkpoint ? optimizerIn(checkpoint.recipe) : ({ rule: 'paper' } as const)
    result(printProgram(trainingProgram(model, { batchSize: flags.batchSize, optimizer })))
    return
  }
  const summary = summarise(model)
  result(flags.json ? JSON.stringify(summary) : summaryTable(model, summary))
}

function catalogueModel(name: string, { classes, imageSize, width }: InspectFlags): Model {
  const task = { ...(imageSize && { inputShape: [3, imageSize, imageSize] }), ...(classes && { classes }) }
  return createModel(name, task, { width })
}

function catalogueTable(): string {
  return table(
    ['model', 'about'],
    modelCatalogue.map(({ name, about }) => [name, about]),
    [],
  )
}

function summaryTable(model: Model, summary: ModelSummary): string {
  const rows = summary.layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.settings,
    layer.output.join('×'),
    layer.parameters > 0 ? count(layer.parameters) : '',
    layer.multiplyAdds > 0 ? count(layer.multiplyAdds) : '',
  ])
  const total = ['total', '', '', '', count(summary.parameters), count(summary.multiplyAdds)]
  return (
    `${model.name} on pictures of ${model.inputShape.join('×')}, ${count(model.classes)} classes\n\n` +
    table(['layer', 'kind', 'settings', 'output', 'parameters', 'multiply-adds'], [...rows, total], [4, 5])
  )
}
