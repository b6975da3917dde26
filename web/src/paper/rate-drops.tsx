import { freshPlateau, parseSchedule, rateAt, type Schedule } from 'alexnet'
import { useMemo, useState } from 'preact/hooks'
import { Chart } from '../ui/chart.tsx'
import { Choice } from '../ui/choice.tsx'
import { Formula, Frac, I, N, O } from '../ui/formula.tsx'
import { Slider, short } from '../ui/slider.tsx'
import { Part } from './part.tsx'

const EPOCHS = 90
/** Steps drawn in each epoch. */
const BATCHES = 4

type Kind = 'drops' | 'steps' | 'cosine' | 'one-cycle'

export function RateDrops({ id }: { id: string }) {
  const [kind, setKind] = useState<Kind>('drops')
  const [first, setFirst] = useState(23)
  const [second, setSecond] = useState(51)
  const [third, setThird] = useState(78)
  const [every, setEvery] = useState(30)
  const [warmup, setWarmup] = useState(0)
  const schedule = useMemo((): Schedule => {
    if (kind === 'drops') return { kind, at: [first, second, third], factor: 0.1 }
    if (kind === 'steps') return { kind, every, factor: 0.1 }
    return kind === 'cosine' ? { kind, to: 0, warmup } : parseSchedule(kind)
  }, [kind, first, second, third, every, warmup])
  const { x, rates } = useMemo(() => {
    const steps = Array.from({ length: EPOCHS * BATCHES }, (_, i) => ({
      epoch: Math.floor(i / BATCHES),
      batch: i % BATCHES,
    }))
    return {
      x: steps.map(({ epoch, batch }) => epoch + batch / BATCHES),
      rates: steps.map((at) =>
        rateAt(schedule, 0.01, { ...at, batchesPerEpoch: BATCHES, epochs: EPOCHS }, freshPlateau),
      ),
    }
  }, [schedule])
  return (
    <Part
      id={id}
      title="How the rate falls"
      source="Section 5"
      text={
        <>
          <p>
            The authors watched the validation error. Whenever it stopped falling they divided the rate by ten by hand,
            three times before the end. That made about 90 epochs of 1.2 million pictures: five to six days on two GTX
            580.
          </p>
          <Formula label="epsilon becomes epsilon divided by 10">
            <I>ε</I>
            <O>←</O>
            <Frac of={<I>ε</I>} by={<N>10</N>} />
          </Formula>
          <p>
            The notes beside their code name the epochs: the whole network went down at 23 and at 51; later drops
            treated single layers differently. Later practice often takes a cosine instead, which falls a little with
            every step, or one cycle, which first rises.
          </p>
          <p>
            On the command line: <code>--schedule plateau</code> does by rule what they did by hand.
          </p>
        </>
      }
    >
      <Choice
        label="Schedule"
        value={kind}
        options={[
          { value: 'drops', label: 'drops by hand' },
          { value: 'steps', label: 'every n epochs' },
          { value: 'cosine', label: 'cosine' },
          { value: 'one-cycle', label: 'one cycle' },
        ]}
        onChange={setKind}
      />
      <Chart
        title="Rate ε"
        xLabel="epoch"
        yLog={kind === 'drops' || kind === 'steps'}
        format={short}
        x={x}
        series={[{ label: 'ε', values: rates, colour: 1 }]}
      />
      <div class="controls">
        {kind === 'drops' && (
          <>
            <Slider label="First drop" min={1} max={90} step={1} value={first} format={String} onChange={setFirst} />
            <Slider label="Second drop" min={1} max={90} step={1} value={second} format={String} onChange={setSecond} />
            <Slider label="Third drop" min={1} max={90} step={1} value={third} format={String} onChange={setThird} />
          </>
        )}
        {kind === 'steps' && (
          <Slider
            label="Epochs between drops"
            min={5}
            max={90}
            step={1}
            value={every}
            format={String}
            onChange={setEvery}
          />
        )}
        {kind === 'cosine' && (
          <Slider
            label="Epochs of rise at the start"
            min={0}
            max={20}
            step={1}
            value={warmup}
            format={String}
            onChange={setWarmup}
          />
        )}
      </div>
    </Part>
  )
}
