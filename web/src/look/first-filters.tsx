import type { Tensor } from 'alexnet'
import type { WebClassifier } from 'alexnet/web'
import { useEffect, useState } from 'preact/hooks'
import { filterPixels, range } from '../ui/pixels.ts'
import { short } from '../ui/slider.tsx'
import type { Enlargement } from './enlarged.tsx'
import { MapButton } from './map-button.tsx'

interface FirstFiltersProps {
  readonly classifier: WebClassifier
  readonly onEnlarge: (what: Enlargement) => void
}

const NAME = 'features.0.weight'

/** The first layer's filters, as in the paper's figure 3. */
export function FirstFilters({ classifier, onEnlarge }: FirstFiltersProps) {
  const [weights, setWeights] = useState<Tensor<'float32'> | null>(null)
  useEffect(() => {
    let current = true
    classifier.parameter(NAME).then(
      (tensor) => {
        if (current) setWeights(tensor)
      },
      () => {
        // A network whose first layer has no weights has no filters to show.
        if (current) setWeights(null)
      },
    )
    return () => {
      current = false
    }
  }, [classifier])
  if (weights?.shape.length !== 4 || weights.shape[1] !== 3) return null
  const [filters, , kernel] = weights.shape
  const size = 3 * kernel * kernel
  return (
    <section class="panel" aria-label="Filters of the first layer">
      <div>
        <h2 class="h3">What the first layer looks for</h2>
        <p class="small soft">
          Its {filters} filters of {kernel}×{kernel}, each on a scale of its own.
        </p>
      </div>
      <ul class="picture-grid filters-grid">
        {filterPixels(weights).map((pixels, f) => {
          const { low, high } = range(weights.data.subarray(f * size, (f + 1) * size))
          return (
            <li key={f}>
              <MapButton
                pixels={pixels}
                title={`Filter ${f + 1}`}
                about={`Weights from ${short(low)} to ${short(high)}.`}
                onEnlarge={onEnlarge}
              />
            </li>
          )
        })}
      </ul>
    </section>
  )
}
