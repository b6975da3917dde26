import { createModel, summarise } from 'alexnet'
import { useMemo } from 'preact/hooks'
import { drawnShapes } from '../ui/drawn-shapes.ts'
import { count, large } from '../ui/numbers.ts'
import { ShapesGrid } from '../ui/shapes-grid.tsx'
import { recipe } from './settings.ts'

/** Before the first step: what will learn, and from which pictures. */
export function NetworkPreview() {
  const { name, ...options } = recipe.value.model
  const key = JSON.stringify(recipe.value.model)
  const summary = useMemo(() => summarise(createModel(name, {}, options)), [key])
  const weighted = summary.layers.filter(({ kind }) => kind !== 'flatten' && kind !== 'dropout')
  return (
    <div class="preview">
      {recipe.value.data.name === 'shapes' && <ShapesPreview seed={recipe.value.training.seed} />}
      <p class="small soft">
        {count(summary.parameters)} parameters, {large(summary.multiplyAdds)} multiply-adds a picture.
      </p>
      <ol class="layer-chain">
        <li>
          <span>picture</span>
          <span class="small soft">{summary.input.join('×')}</span>
        </li>
        {weighted.map((layer) => (
          <li key={layer.name} class={layer.parameters > 0 ? 'weighted' : undefined}>
            <span>{layer.kind}</span>
            <span class="small soft">{layer.output.join('×')}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}

function ShapesPreview({ seed }: { seed: number }) {
  const drawn = useMemo(() => drawnShapes(seed, 20), [seed])
  return <ShapesGrid shapes={drawn} />
}
