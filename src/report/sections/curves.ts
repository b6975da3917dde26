import { percent } from '../../format-numbers.js'
import { chart, type Series } from '../chart.js'
import type { ReportContent } from '../content.js'
import { type EpochMeasure, type EpochRecord, thinned } from '../history.js'
import { html, type Markup } from '../markup.js'

/** Points of a curve: more would not show on the page, and make it large. */
const MOST_POINTS = 400
const MOST_ROWS = 200

/** How loss, error and rate went, as curves and as a table. */
export function curves({ history, checkpoint }: ReportContent): Markup {
  const { epochs, rates, part } = history
  if (epochs.length === 0) return html`<p class="soft">No epoch has been recorded.</p>`
  const shown = thinned(epochs, MOST_POINTS)
  const last = epochs[epochs.length - 1]
  const { epoch: taken } = checkpoint.progress
  const mark = taken < last.epoch ? { at: taken, label: 'these parameters' } : undefined
  const both = (value: (measure: EpochMeasure) => number): Series[] => [
    { label: 'training', colour: 1, points: shown.map(({ epoch, training }) => ({ x: epoch, y: value(training) })) },
    // A dash tells the second curve from the first without colours.
    {
      label: part,
      colour: 2,
      dash: '5 3',
      points: shown.map(({ epoch, evaluation }) => ({ x: epoch, y: value(evaluation) })),
    },
  ]
  const rate: Series = {
    label: 'rate',
    colour: 3,
    points: thinned(rates, MOST_POINTS).map(({ epoch, rate }) => ({ x: epoch, y: rate })),
  }
  return html`
<div class="figures">
${figure(
  'Loss',
  both(({ loss }) => loss),
  {
    mark,
    epochs: last.epoch,
    description: `Loss over ${last.epoch} epochs; at the end ${last.training.loss.toFixed(3)} in training, ${last.evaluation.loss.toFixed(3)} in ${part}`,
  },
)}
${figure(
  'Error',
  both(({ error }) => error),
  {
    mark,
    epochs: last.epoch,
    format: '.0%',
    description: `Share of wrongly classified pictures over ${last.epoch} epochs; at the end ${percent(last.training.error)} in training, ${percent(last.evaluation.error)} in ${part}`,
  },
)}
${rate.points.length > 0 && figure('Learning rate', [rate], { epochs: last.epoch, description: `The learning rate over ${last.epoch} epochs, from ${rate.points[0].y} to ${last.rate}`, format: '~g' })}
</div>
<p class="soft">Training: the mean over the epoch while the network learnt, with augmentation and dropout. ${part === 'test' ? 'Test' : 'Validation'}: after the epoch, without them.</p>
<details>
<summary>The numbers</summary>
<div class="scroll"><table>
<thead><tr><th scope="col">Epoch</th><th scope="col">Training loss</th><th scope="col">Training error</th><th scope="col">${part} loss</th><th scope="col">${part} error</th><th scope="col">Rate</th></tr></thead>
<tbody>
${thinned(epochs, MOST_ROWS).map(row)}</tbody>
</table></div>
</details>`
}

function row({ epoch, rate, training, evaluation }: EpochRecord): Markup {
  return html`<tr><th scope="row">${epoch}</th><td>${training.loss.toFixed(4)}</td><td>${percent(training.error)}</td><td>${evaluation.loss.toFixed(4)}</td><td>${percent(evaluation.error)}</td><td>${Number(rate.toPrecision(3))}</td></tr>\n`
}

function figure(
  title: string,
  series: readonly Series[],
  options: { epochs: number; description: string; mark?: { at: number; label: string }; format?: string },
): Markup {
  const legend =
    series.length > 1 &&
    html`<ul class="legend">${series.map(({ label, colour }) => html`<li class="series-${colour}">${label}</li>`)}</ul>`
  return html`<figure><figcaption>${title}${legend}</figcaption>${chart({ ...options, series })}</figure>`
}
