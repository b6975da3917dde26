import { count, percent } from '../../format-numbers.js'
import type { EmbeddedPicture, ReportContent, ShownMistake } from '../content.js'
import { html, type Markup } from '../markup.js'

/** The pictures of whose wrong class the network was surest: what it does not understand, or a wrong label. */
export function mistakes({ mistakes: shown, checkpoint, assessment }: ReportContent): Markup {
  const { top1, images } = assessment.metrics
  const all = images - Math.round(top1 * images)
  if (all === 0) return html`<p>There are none: every picture was classified correctly.</p>`
  return html`
<p class="soft">The ${count(shown.length)} of ${count(all)} mistakes of which the network was surest. Wrong labels show here too.</p>
<ul class="pictures">
${shown.map((mistake) => entry(mistake, checkpoint.classes))}</ul>`
}

function entry(
  { label, predicted, probability, picture, name, index }: ShownMistake,
  classes: readonly string[],
): Markup {
  const place = name ?? `picture ${count(index + 1)}`
  return html`<li><figure>${image(picture, `${classes[label]}, taken for ${classes[predicted]}`)}<figcaption><span>taken for <b>${classes[predicted]}</b> <span class="number">${percent(probability, 1)}</span></span><span>is <b>${classes[label]}</b></span><span class="soft file">${place}</span></figcaption></figure></li>\n`
}

/** A picture; a small one is enlarged without smoothing. */
export function image({ source, width, height }: EmbeddedPicture, description: string): Markup {
  return html`<img src="${source}" width="${width}" height="${height}" alt="${description}"${Math.max(width, height) < 64 && html` class="small"`}>`
}
