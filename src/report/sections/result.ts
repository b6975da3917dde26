import { count, duration, large, percent } from '../../format-numbers.js'
import { summarise } from '../../models/summary.js'
import { macroAverage } from '../../runs/class-results.js'
import { isOutOfPatience } from '../../runs/end.js'
import { adviceForGuessing, isNoBetterThanGuessing } from '../../runs/guessing.js'
import { describeLagging, laggingClasses } from '../../runs/lagging-classes.js'
import { classResults } from '../confusions.js'
import type { ReportContent } from '../content.js'
import { html, type Markup } from '../markup.js'

/** What came out, in numbers. */
export function result({ checkpoint, assessment, part, work, history, scan }: ReportContent): Markup {
  const { model, progress, recipe } = checkpoint
  const { top1, top5, loss, images } = assessment.metrics
  const { parameters, multiplyAdds } = summarise(model)
  const results = classResults(assessment.confusion, model.classes)
  const pictures = results.map((own) => own.pictures)
  const guessing = Math.max(...pictures) / images
  const macro = percent(macroAverage(results).recall)
  // Of what is no folder only the pictures that are evaluated tell which classes are rare.
  const lagging = laggingClasses(results, scan?.counts.train ?? pictures)
  const noBetter = isNoBetterThanGuessing(assessment.metrics, guessing)
  const last = history.epochs.at(-1)
  const training = last && { top1: 1 - last.training.error, images: last.images }
  const facts: [string, string, string?][] = [
    ['Accuracy', percent(top1), `of ${count(images)} ${part} pictures; guessing gives ${percent(guessing)}`],
    ...(macro === percent(top1)
      ? []
      : [
          ['Mean of the classes', macro, 'each counts the same, however many pictures it has'] as [
            string,
            string,
            string,
          ],
        ]),
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
${lagging.length > 0 && html`<p><strong>Some classes lie behind</strong>: ${describeLagging(lagging, checkpoint.classes, recipe)}.</p>`}
${recipe.claim && html`<p class="soft">The recipe claims: ${recipe.claim}</p>`}`
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
