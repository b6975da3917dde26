import { float32, operators, random } from 'alexnet'
import { useMemo, useState } from 'preact/hooks'
import { Choice } from '../ui/choice.tsx'
import { Formula, I, O, Sub, Sum, Sup } from '../ui/formula.tsx'
import { range } from '../ui/pixels.ts'
import { Slider, short } from '../ui/slider.tsx'
import { applyOperator } from './compute.ts'
import { Part } from './part.tsx'

const CHANNELS = 24

/** Answers of 24 filters at one place: most quiet, some loud, as after a ReLU. */
function drawRow(seed: number): Float32Array {
  const stream = random(seed, 'test', 'lrn figure')
  return Float32Array.from({ length: CHANNELS }, () => Math.round(10 * Math.max(0, stream.normal()) * 12) / 10)
}

type Convention = 'sum' | 'mean'

export function LocalResponseNormalisation({ id }: { id: string }) {
  const [seed, setSeed] = useState(3)
  const [row, setRow] = useState(() => drawRow(3))
  const [chosen, setChosen] = useState(8)
  const [settings, setSettings] = useState({ k: 2, size: 5, alpha: 1e-4, beta: 0.75 })
  const [convention, setConvention] = useState<Convention>('sum')
  const set = (change: Partial<typeof settings>) => setSettings({ ...settings, ...change })
  const { k, size, alpha, beta } = settings

  const normalised = useMemo(
    () =>
      applyOperator(operators.localResponseNorm, [float32([1, CHANNELS, 1, 1], row)], {
        k,
        size,
        beta,
        alpha: convention === 'mean' ? alpha / size : alpha,
        across: 'channels',
      }).values,
    [row, k, size, alpha, beta, convention],
  )
  const first = Math.max(0, chosen - Math.floor(size / 2))
  const last = Math.min(CHANNELS, chosen - Math.floor(size / 2) + size) - 1
  const changeChosen = (value: number) => setRow(row.with(chosen, value))

  return (
    <Part
      id={id}
      title="Local response normalisation"
      source="Section 3.3"
      text={
        <>
          <p>
            Neighbouring filters compete. At each place, a filter's answer <i>a</i> is divided by how loud it and its
            neighbours are together, so that a strong answer quietens those beside it, as it does among real neurons.
          </p>
          <Formula label="b i equals a i divided by k plus alpha times the sum of a j squared over n neighbouring channels, to the power beta">
            <Sub of={<I>b</I>} by={<I>i</I>} />
            <O>=</O>
            <Sub of={<I>a</I>} by={<I>i</I>} />
            <O>/</O>
            <Sup
              of={
                <>
                  <O>(</O>
                  <I>k</I>
                  <O>+</O>
                  <I>α</I>
                  <Sum over={<I>j</I>} />
                  <msubsup>
                    <I>a</I>
                    <I>j</I>
                    <mn>2</mn>
                  </msubsup>
                  <O>)</O>
                </>
              }
              by={<I>β</I>}
            />
          </Formula>
          <p>
            The sum goes over <i>n</i> channels around <i>i</i>. The paper's values are k = 2, n = 5, α = 10⁻⁴, β =
            0.75; they lowered the top‑1 error by 1.4 points.
          </p>
          <p>
            The authors' code, Caffe and PyTorch multiply α by the <em>mean</em> of the squares instead of their sum, so
            the same α is n times weaker there.
          </p>
        </>
      }
    >
      <div class="panel-head">
        <h3>{CHANNELS} filters at one place</h3>
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            setSeed(seed + 1)
            setRow(drawRow(seed + 1))
          }}
        >
          Draw other answers
        </button>
      </div>
      <Row title="before: a" values={row} chosen={chosen} first={first} last={last} onChoose={setChosen} />
      <Row title="after: b" values={normalised} chosen={chosen} first={first} last={last} onChoose={setChosen} />
      <div class="controls">
        <Slider
          label="Filter"
          min={1}
          max={CHANNELS}
          step={1}
          value={chosen + 1}
          format={String}
          onChange={(value) => setChosen(value - 1)}
        />
        <Slider
          label={`Its answer a`}
          min={0}
          max={60}
          step={0.5}
          value={row[chosen]}
          format={(value) => value.toFixed(1)}
          onChange={changeChosen}
        />
        <div class="field">
          <span class="field-head">after normalisation</span>
          <output>
            {row[chosen].toFixed(1)} → {short(normalised[chosen])}
          </output>
        </div>
      </div>
      <div class="controls">
        <Slider label="k" min={0.5} max={5} step={0.1} value={k} onChange={(value) => set({ k: value })} />
        <Slider label="n" min={1} max={15} step={2} value={size} onChange={(value) => set({ size: value })} />
        <Slider label="α" scale="log" min={1e-5} max={1} value={alpha} onChange={(value) => set({ alpha: value })} />
        <Slider label="β" min={0} max={2} step={0.05} value={beta} onChange={(value) => set({ beta: value })} />
      </div>
      <div class="buttons">
        <Choice
          label="α multiplies"
          value={convention}
          options={[
            { value: 'sum', label: 'the sum (paper)' },
            { value: 'mean', label: 'the mean (code)' },
          ]}
          onChange={setConvention}
        />
        <button
          type="button"
          class="button quiet end"
          onClick={() => {
            setSettings({ k: 2, size: 5, alpha: 1e-4, beta: 0.75 })
            setConvention('sum')
          }}
        >
          The paper's values
        </button>
        <button type="button" class="button quiet end" onClick={() => set({ alpha: 0.02 })}>
          A strong α
        </button>
      </div>
    </Part>
  )
}

interface RowProps {
  readonly title: string
  readonly values: ArrayLike<number>
  readonly chosen: number
  /** The window around the chosen filter. */
  readonly first: number
  readonly last: number
  readonly onChoose: (channel: number) => void
}

/** A row of bars, on a scale of its own: what matters is how they stand to each other. */
function Row({ title, values, chosen, first, last, onChoose }: RowProps) {
  const { high } = range(values)
  return (
    <figure class="lrn-row">
      <figcaption class="chart-title">
        <span>{title}</span>
        <span>highest {short(high)}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider "Filter" does the same by keyboard */}
      <svg
        viewBox={`0 0 ${CHANNELS * 10} 60`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}; filter ${chosen + 1}: ${short(values[chosen])}, highest ${short(high)}`}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          onChoose(Math.min(CHANNELS - 1, Math.floor(((event.clientX - box.left) / box.width) * CHANNELS)))
        }}
      >
        <rect class="window" x={first * 10} y="0" width={(last - first + 1) * 10} height="60" />
        {Array.from(values, (value, i) => {
          const height = Math.max(0.6, (58 * value) / Math.max(high, 1e-12))
          return (
            <rect
              key={i}
              class={i === chosen ? 'bar chosen' : 'bar'}
              x={i * 10 + 1.5}
              y={60 - height}
              width="7"
              height={height}
            />
          )
        })}
      </svg>
    </figure>
  )
}
