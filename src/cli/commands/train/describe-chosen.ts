import { type FolderFacts, picturesIn } from '../../../data/folder-facts.js'
import type { ModelSettings } from '../../../models/model-settings.js'
import type { RunStart } from '../../../training/node/run-training.js'
import { commandName } from '../../command-name.js'
import { count, counted, percent } from '../../format.js'
import { shellWord } from '../../shell-word.js'
import type { FittedFolder } from './settings.js'

/** What a folder is like, for `--json`. */
export function countsOf(facts: FolderFacts) {
  const { counts, size } = facts
  return {
    pictures: picturesIn(facts),
    classes: counts.length,
    smallestClass: Math.min(...counts),
    largestClass: Math.max(...counts),
    ...size,
  }
}

/** What a run is made with for the sake of its folder, and why, in one line. What a person has set is in it, too. */
export function describeChosen({ facts, chosen }: FittedFolder, run: Pick<RunStart, 'recipe' | 'model'>): string {
  const { model, data, training } = run.recipe
  const { pictures, classes, width, height } = countsOf(facts)
  const because = (...keys: string[]) => {
    const reason = chosen.find(({ key }) => keys.includes(key))?.why
    return reason === undefined ? '' : ` (${reason})`
  }
  const folder = `${counted(pictures, 'picture')} of ${counted(classes, 'class', 'classes')}`
  const [, seen] = run.model.inputShape
  const settings = [
    `${model.name}${atWidth(model)} on ${seen}×${seen}${data.size === seen ? '' : ` of ${data.size}×${data.size}`}${because('data.size')}`,
    `${counted(training.epochs, 'epoch')}${because('training.epochs', 'training.minimumSteps')}`,
    `batches of ${count(training.batchSize)}${because('training.batchSize')}`,
    ...(data.validation === 0 ? [] : [`${heldOut(data.validation)} held out${because('data.validation')}`]),
  ]
  return `for ${folder}${width === undefined ? '' : `, about ${width}×${height}`}: ${settings.join(', ')}`
}

/** What to do where pictures are too few to start from nothing: the whole command. */
export function adviceFor({ directory }: FittedFolder): string {
  return `so few pictures want a network that has learnt from others before: ${commandName} train ${shellWord(directory)} --weights torchvision (244 MB, downloaded once)`
}

function atWidth({ width }: ModelSettings): string {
  if (width === undefined || width === 1) return ''
  return width === 0.5 ? ' at half width' : ` at width ${width}`
}

/** @param validation Pictures, or below 1 a share. */
function heldOut(validation: number): string {
  return validation < 1 ? percent(validation, 0) : count(validation)
}
