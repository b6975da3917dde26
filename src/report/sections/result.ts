import { count, duration, large, percent } from '../../format-numbers.js'
import { summarise } from '../../models/summary.js'
import { isOutOfPatience } from '../../runs/end.js'
import { adviceForGuessing, isNoBetterThanGuessing } from '../../runs/guessing.js'
import type { ReportContent } from '../content.js'
import { html, type Markup } from '../markup.js'

/** What came out, in numbers. */
export function result({ checkpoint, assessment, part, work, history }: ReportContent): Markup {
  const { model, progress, recipe } = checkpoint
  const { top1, top5, loss, images } = assessment.metrics
  const { parameters, multiplyAdds } = summarise(model)
  const guessing = guessingRateOf(assessment)
  const noBetter = isNoBetterThanGuessing(assessment.metrics, guessing)
  const last = history.epochs.at(-1)
  const training = last && { top1: 1 - last.training.error, images: last.images }
  const facts: [string, string, string?][] = [
    ['Accuracy', percent(top1), `of ${count(images)} ${part} pictures; guessing gives ${percent(guessing)}`],
    ...(model.classes > 5
      ? [['Top-5 accuracy', percent(top5), 'the class is among the five likeliest'] as [string, string, string]]
      : []),
    ['Loss', loss.toFixed(4), `guessing gives ${Math.log(model.classes).toFixed(3)}`],
    [
      'Epochs',
      `${progress.epoch} of ${recipe.training.epochs}`,
      whichCheckpoint(checkpoint, history.epochs.at(-1)?.epoch),
    ],
    ...(work.seconds > 0
      ? [['Training time', duration(work.seconds), 'the steps alone, without evaluation'] as [string, string, string]]
      : []),
    ['Parameters', large(parameters), `${large(multiplyAdds)} multiply-adds a picture`],
  ]
  return html`
<dl class="facts">
${facts.map(([name, value, about]) => html`<div><dt>${name}</dt><dd><strong>${value}</strong>${about && html`<span>${about}</span>`}</dd></div>\n`)}
</dl>
${noBetter && html`<p><strong>No better than guessing</strong>: ${adviceForGuessing(progress.step, training, guessing)}.</p>`}
${recipe.claim && html`<p class="soft">The recipe claims: ${recipe.claim}</p>`}`
}

/** What naming the most frequent class gives, of the pictures that were classified. */
function guessingRateOf({ confusion, metrics: { images } }: ReportContent['assessment']): number {
  const classes = Math.sqrt(confusion.length)
  const pictures = Array.from({ length: classes }, (_, label) =>
    confusion.subarray(label * classes, (label + 1) * classes).reduce((a, b) => a + b, 0),
  )
  return Math.max(...pictures) / images
}

/** The parameters reported on are the best by validation, else the last. */
function whichCheckpoint({ progress, recipe }: ReportContent['checkpoint'], last: number | undefined): string {
  if (last === undefined || progress.epoch === last) return 'the last parameters'
  const { patience } = recipe.training
  const end = isOutOfPatience({ epoch: last, best: progress.best }, patience)
    ? `, ended by a patience of ${patience}`
    : ''
  return `of ${last}${end}, the lowest validation loss`
}
