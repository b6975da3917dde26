import { float32, operators, random, uint8 } from 'alexnet'
import { useMemo, useState } from 'preact/hooks'
import { Formula, Frac, I, N, O, Text } from '../ui/formula.tsx'
import { Slider } from '../ui/slider.tsx'
import { applyOperator } from './compute.ts'
import { Part } from './part.tsx'

const SIDE = 8
const UNITS = SIDE * SIDE

const answers = (() => {
  const stream = random(1, 'test', 'dropout figure')
  return Float32Array.from({ length: UNITS }, () => stream.between(0.1, 1))
})()

/** What draws of the mask have given so far. */
interface Draws {
  readonly rate: number
  readonly count: number
  readonly last: Float64Array
  readonly sum: Float64Array
}

function noDraws(rate: number): Draws {
  return { rate, count: 0, last: Float64Array.from(answers), sum: new Float64Array(UNITS) }
}

/** Draws masks as training does: numbers keyed by step and layer. */
function drawMasks(draws: Draws, times: number): Draws {
  const { rate } = draws
  const sum = draws.sum.slice()
  let last = draws.last
  for (let step = draws.count; step < draws.count + times; step++) {
    const mask = new Uint8Array(UNITS)
    random(1, 'dropout', step, 'figure').fillMask(mask, 1 - rate)
    const shape = [SIDE, SIDE]
    last = Float64Array.from(
      applyOperator(operators.dropout, [float32(shape, answers), uint8(shape, mask)], { rate }).values,
    )
    for (let i = 0; i < UNITS; i++) sum[i] += last[i]
  }
  return { rate, count: draws.count + times, last, sum }
}

export function Dropout({ id }: { id: string }) {
  const [draws, setDraws] = useState(() => drawMasks(noDraws(0.5), 1))
  const mean = useMemo(() => draws.sum.map((value) => value / Math.max(draws.count, 1)), [draws])
  const distance = Math.sqrt(mean.reduce((sum, value, i) => sum + (value - answers[i]) ** 2, 0) / UNITS)
  const kept = draws.last.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0)
  return (
    <Part
      id={id}
      title="Dropout"
      source="Section 4.2"
      text={
        <>
          <p>
            In every step of training, half of the units of the first two fully connected layers are switched off,
            another half each time. No unit can lean on another being there, so each must learn something that is useful
            beside many different others.
          </p>
          <Formula label="y equals x times mask divided by one minus p">
            <I>y</I>
            <O>=</O>
            <Frac
              of={
                <>
                  <I>x</I>
                  <O>·</O>
                  <Text>mask</Text>
                </>
              }
              by={
                <>
                  <N>1</N>
                  <O>−</O>
                  <I>p</I>
                </>
              }
            />
          </Formula>
          <p>
            <i>p</i> is the share that is dropped. What stays is made larger, so that the sum is right on average and
            nothing needs to be done when the network is used. The paper does it the other way round: no scaling in
            training, and every answer times 0.5 in use. On average both are the same.
          </p>
        </>
      }
    >
      <h3>64 units of a layer</h3>
      <div class="units-row">
        <Units title="all answers" values={answers} />
        <Units title={`step ${draws.count}: ${kept} of ${UNITS} stay`} values={draws.last} />
        <Units title={`mean of ${draws.count} ${draws.count === 1 ? 'step' : 'steps'}`} values={mean} />
      </div>
      <p class="small soft" aria-live="polite">
        The mean over steps is {distance.toFixed(3)} away from the answers of all units (root mean square).
      </p>
      <Slider
        label="Share that is dropped, p"
        min={0}
        max={0.9}
        step={0.05}
        value={draws.rate}
        format={(rate) => rate.toFixed(2)}
        onChange={(rate) => setDraws(drawMasks(noDraws(rate), 1))}
      />
      <div class="buttons">
        <button type="button" class="button" onClick={() => setDraws(drawMasks(draws, 1))}>
          Next step
        </button>
        <button type="button" class="button" onClick={() => setDraws(drawMasks(draws, 100))}>
          100 steps
        </button>
        <button type="button" class="button" onClick={() => setDraws(drawMasks(noDraws(draws.rate), 1))}>
          Start again
        </button>
      </div>
    </Part>
  )
}

/** A layer's answers as squares: the fuller the colour, the higher. */
function Units({ title, values }: { title: string; values: ArrayLike<number> }) {
  return (
    <figure>
      <svg viewBox={`0 0 ${SIDE * 10} ${SIDE * 10}`} class="units" aria-hidden="true">
        {Array.from(values, (value, i) => (
          <rect
            key={i}
            class={value === 0 ? 'unit off' : 'unit'}
            x={(i % SIDE) * 10 + 1}
            y={Math.floor(i / SIDE) * 10 + 1}
            width="8"
            height="8"
            rx="1.5"
            fill-opacity={value === 0 ? 1 : Math.min(1, 0.12 + value / 2.3)}
          />
        ))}
      </svg>
      <figcaption class="small soft">{title}</figcaption>
    </figure>
  )
}
