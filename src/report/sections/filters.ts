import type { ShownFilters } from '../content.js'
import { html, type Markup } from '../markup.js'

/** What the first layer looks for, as in the paper's figure 3. */
export function filters({ picture, count, kernel: [height, width] }: ShownFilters): Markup {
  return html`
<figure class="filters"><img src="${picture.source}" width="${picture.width}" height="${picture.height}" alt="The ${count} filters of the first layer side by side">
<figcaption class="soft">The ${count} filters of ${height}×${width}×3 that the first layer has learnt, each on its own scale: gray is 0. The paper's figure 3 shows edges of all directions and patches of colour; noise means that the layer has not learnt, or needs more weight decay.</figcaption></figure>`
}
