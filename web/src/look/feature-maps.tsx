import type { LayerActivations } from 'alexnet/web'
import { useMemo, useState } from 'preact/hooks'
import { Picture } from '../ui/picture.tsx'
import { mapPixels, range } from '../ui/pixels.ts'
import { short } from '../ui/slider.tsx'
import type { Enlargement } from './enlarged.tsx'
import { MapButton } from './map-button.tsx'

interface FeatureMapsProps {
  readonly activations: readonly LayerActivations[]
  readonly onEnlarge: (what: Enlargement) => void
}

/** Maps of a layer that are drawn at first. */
const FIRST = 48

/** Layers that change nothing when a network is used. */
const IDLE: ReadonlySet<string> = new Set(['flatten', 'dropout'])

/** The answers of all layers, from the picture to the classes. */
export function FeatureMaps({ activations, onEnlarge }: FeatureMapsProps) {
  return (
    <section class="panel" aria-label="Feature maps">
      <div>
        <h2 class="h3">What each layer answers</h2>
        <p class="small soft">
          Each map has a scale of its own. After a ReLU black is no answer; before it the gray in the middle is zero,
          and what is darker is negative.
        </p>
      </div>
      {activations
        .filter(({ kind }) => !IDLE.has(kind))
        .map((layer) =>
          layer.shape.length === 3 ? (
            <Maps key={layer.layer} layer={layer} onEnlarge={onEnlarge} />
          ) : (
            <Units key={layer.layer} layer={layer} />
          ),
        )}
    </section>
  )
}

function Maps({
  layer: { layer, kind, shape, data },
  onEnlarge,
}: { layer: LayerActivations } & Pick<FeatureMapsProps, 'onEnlarge'>) {
  const [all, setAll] = useState(false)
  const [count, height, width] = shape
  const shown = all ? count : Math.min(count, FIRST)
  const maps = useMemo(
    () =>
      Array.from({ length: shown }, (_, i) => {
        const { low, high } = range(data.subarray(i * height * width, (i + 1) * height * width))
        return { pixels: mapPixels(data, i * height * width, height, width), low, high }
      }),
    [data, shown, height, width],
  )
  return (
    <div class="layer">
      <div class="layer-head">
        <h3>
          {kind} <code class="soft">{layer}</code>
        </h3>
        <span class="small soft">
          {count} maps of {height}×{width}
        </span>
      </div>
      <ul class="picture-grid maps-grid">
        {maps.map(({ pixels, low, high }, i) => (
          <li key={i}>
            <MapButton
              pixels={pixels}
              title={`${layer} ${kind}, map ${i + 1}`}
              about={`Answers from ${short(low)} to ${short(high)}.`}
              onEnlarge={onEnlarge}
            />
          </li>
        ))}
      </ul>
      {shown < count && (
        <button type="button" class="button quiet" onClick={() => setAll(true)}>
          All {count} maps
        </button>
      )}
    </div>
  )
}

/** A fully connected layer: a strip with a stripe for each unit. */
function Units({ layer: { layer, kind, shape, data } }: { layer: LayerActivations }) {
  const { low, high } = range(data)
  const pixels = useMemo(() => mapPixels(data, 0, 1, data.length), [data])
  return (
    <div class="layer">
      <div class="layer-head">
        <h3>
          {kind} <code class="soft">{layer}</code>
        </h3>
        <span class="small soft">
          {shape[0]} units, from {short(low)} to {short(high)}
        </span>
      </div>
      <div class="strip">
        <Picture pixels={pixels} label={`${layer}: ${shape[0]} units`} />
      </div>
    </div>
  )
}
