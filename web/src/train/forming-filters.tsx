import type { Tensor } from 'alexnet'
import { useEffect, useState } from 'preact/hooks'
import { Picture } from '../ui/picture.tsx'
import { filterPixels } from '../ui/pixels.ts'
import { session, state } from './session.ts'
import { useRegularly } from './use-regularly.ts'

/** The first layer's filters as they are now. */
export function FormingFilters() {
  const [weights, setWeights] = useState<Tensor<'float32'> | null>(null)
  useEffect(() => {
    if (!session.value) setWeights(null)
  }, [session.value])
  useRegularly(1500, [session.value, state.value], async () => {
    if (!session.value) return
    const name = 'features.0.weight'
    setWeights((await session.value.training.parameters([name]))[name])
  })
  if (!weights) return null
  const [filters, , kernel] = weights.shape
  return (
    <section class="panel" aria-label="Filters of the first layer">
      <div class="panel-head">
        <h2 class="h3">Filters of the first layer, as they form</h2>
        <span class="small soft">
          {filters} of {kernel}×{kernel}
        </span>
      </div>
      <ul class="picture-grid filters-grid">
        {filterPixels(weights).map((pixels, f) => (
          <li key={f}>
            <Picture pixels={pixels} label={`filter ${f + 1}`} />
          </li>
        ))}
      </ul>
    </section>
  )
}
