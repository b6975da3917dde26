import { createModel, initialState } from 'alexnet'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Chart } from '../ui/chart.tsx'
import { Choice } from '../ui/choice.tsx'
import { Formula, I, N, O, Sup } from '../ui/formula.tsx'
import { Picture } from '../ui/picture.tsx'
import { filterPixels } from '../ui/pixels.ts'
import { short } from '../ui/slider.tsx'
import { startWorker } from '../worker/start-worker.ts'
import { Part } from './part.tsx'
import { type Scheme, type Signal, schemes } from './signal.ts'

const names: Record<Scheme, string> = {
  ones: 'all biases 1',
  paper: 'the paper',
  he: 'He',
  'fan-in': 'PyTorch',
}

export function Initialisation({ id }: { id: string }) {
  const [scheme, setScheme] = useState<Scheme>('paper')
  const [measured, setMeasured] = useState<Partial<Record<Scheme, Signal>>>({})
  const [measuring, setMeasuring] = useState(false)
  const worker = useRef<Worker | null>(null)
  useEffect(() => () => worker.current?.terminate(), [])

  const measure = () => {
    setMeasuring(true)
    worker.current ??= startWorker('signal')
    let pending = schemes.length
    worker.current.onmessage = ({ data }: MessageEvent<{ scheme: Scheme; signal: Signal }>) => {
      setMeasured((before) => ({ ...before, [data.scheme]: data.signal }))
      pending--
      if (pending === 0) setMeasuring(false)
    }
    for (const each of schemes) worker.current.postMessage({ scheme: each, seed: 1 })
  }

  const layers = Object.values(measured)[0]?.layers ?? []
  return (
    <Part
      id={id}
      title="How weights start"
      source="Section 5"
      text={
        <>
          <p>
            The paper draws every weight from a bell curve of deviation 0.01, and sets the biases of conv2, conv4, conv5
            and the hidden fully connected layers to 1, so that the ReLUs begin with something above zero.
          </p>
          <Formula label="w is drawn from a normal distribution with mean 0 and variance 0.01 squared">
            <I>w</I>
            <O>∼</O>
            <I>N</I>
            <O>(</O>
            <N>0</N>
            <O>,</O>
            <Sup of={<N>0.01</N>} by={<N>2</N>} />
            <O>)</O>
          </Formula>
          <p>
            With so small weights each layer passes on less of the <em>difference between pictures</em>, until the last
            one gives the same answer to all: the loss stays at ln(classes), and training does not start. It is the most
            common complaint about copies of AlexNet. Schemes that look at the number of inputs of a neuron (He,
            PyTorch's) keep the difference alive.
          </p>
        </>
      }
    >
      <h3>What is left of the difference between four pictures</h3>
      <p class="small soft">
        An untrained AlexNet for 32×32, a quarter as wide. For each layer: how much a neuron's answer changes from
        picture to picture.
      </p>
      <Chart
        title="Deviation between pictures"
        xLabel={layers.length > 0 ? `layer (1 = ${layers[0]}, ${layers.length} = ${layers.at(-1)})` : 'layer'}
        height={200}
        yLog
        format={short}
        x={layers.map((_, i) => i + 1)}
        series={schemes.map((each, i) => ({
          label: names[each],
          colour: i + 1,
          values: measured[each]?.difference.map((value) => Math.max(value, 1e-9)) ?? [],
        }))}
      />
      <div class="buttons">
        <button type="button" class="button" disabled={measuring} onClick={measure}>
          {measuring ? 'Measuring …' : 'Send four pictures through'}
        </button>
      </div>
      <Choice
        label="First filters as drawn"
        value={scheme}
        options={schemes.map((value) => ({ value, label: names[value] }))}
        onChange={setScheme}
      />
      <FirstFilters scheme={scheme} />
    </Part>
  )
}

/** Filters of the first layer before any training: noise. */
function FirstFilters({ scheme }: { scheme: Scheme }) {
  const model = createModel('alexnet', { classes: 10 }, { width: 0.25, initial: scheme })
  // The head of AlexNet is not needed, and large: only the first layer is drawn.
  const first = initialState({ ...model, features: model.features.slice(0, 1), classifier: [] }, 1)
  const filters = filterPixels(first['features.0.weight'])
  return (
    <ul class="picture-grid filters-grid" aria-label={`${filters.length} filters of 11×11, all noise`}>
      {filters.map((pixels, f) => (
        <li key={f}>
          <Picture pixels={pixels} label="" />
        </li>
      ))}
    </ul>
  )
}
