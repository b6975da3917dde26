import { createModel, type LayerSummary, summarise } from 'alexnet'
import { useMemo, useState } from 'preact/hooks'
import { Choice } from '../ui/choice.tsx'
import { count, large } from '../ui/numbers.ts'
import { Part } from './part.tsx'

type Name = 'alexnet' | 'alexnet-2012'

export function Architecture({ id }: { id: string }) {
  const [name, setName] = useState<Name>('alexnet-2012')
  const summary = useMemo(() => summarise(createModel(name)), [name])
  const most = {
    parameters: Math.max(...summary.layers.map(({ parameters }) => parameters)),
    multiplyAdds: Math.max(...summary.layers.map(({ multiplyAdds }) => multiplyAdds)),
  }
  const layers = numbered(summary.layers)
  return (
    <Part
      id={id}
      title="The network"
      source="Sections 3.2 and 3.5, figure 2"
      text={
        <>
          <p>
            Five convolutions look for ever larger patterns, three fully connected layers put them together, and a
            softmax over 1,000 classes ends it. The paper split the network over two graphics cards of 3 GB: half of the
            filters on each, which see each other's work only in some layers.
          </p>
          <p>
            The single tower came two years later. It has no normalisation, fewer filters in front, and nearly the same
            number of parameters.
          </p>
          <p>
            Nearly all of the <em>work</em> is in the convolutions and nearly all of the <em>parameters</em> are in the
            fully connected layers: this is why dropout sits there.
          </p>
        </>
      }
    >
      <Choice
        label="Network"
        value={name}
        options={[
          { value: 'alexnet-2012', label: 'the paper, two towers' },
          { value: 'alexnet', label: 'one tower' },
        ]}
        onChange={setName}
      />
      <p class="small soft">
        {count(summary.parameters)} parameters, {large(summary.multiplyAdds)} multiply-adds for a picture of{' '}
        {summary.input.slice(1).join('×')}.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Layers of the network">
        <table class="layers">
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Gives</th>
              <th scope="col" class="number">
                Parameters
              </th>
              <th scope="col" class="number">
                Multiply-adds
              </th>
            </tr>
          </thead>
          <tbody>
            {layers.map(({ title, layer }) => (
              <tr key={layer.name}>
                <th scope="row">
                  {title}
                  <span class="small soft block">{layer.settings}</span>
                </th>
                <td>{layer.output.join('×')}</td>
                <Measure value={layer.parameters} of={most.parameters} />
                <Measure value={layer.multiplyAdds} of={most.multiplyAdds} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Part>
  )
}

function Measure({ value, of }: { value: number; of: number }) {
  return (
    <td class="number">
      {value > 0 ? large(value) : ''}
      <span class="measure" style={{ width: `${(100 * value) / of}%` }} />
    </td>
  )
}

const titles: Record<string, string> = {
  conv2d: 'conv',
  linear: 'fc',
  'max-pool': 'max pooling',
  lrn: 'normalisation',
  dropout: 'dropout',
}

/** The layers that have a name in the paper: conv1 … conv5, fc6 … fc8, and what stands between them. */
function numbered(layers: readonly LayerSummary[]): { title: string; layer: LayerSummary }[] {
  let number = 0
  return layers
    .filter(({ kind }) => kind in titles)
    .map((layer) => {
      const counts = layer.kind === 'conv2d' || layer.kind === 'linear'
      if (counts) number++
      return { title: counts ? `${titles[layer.kind]}${number}` : titles[layer.kind], layer }
    })
}
