import { useMemo, useState } from 'preact/hooks'
import { Chart } from '../ui/chart.tsx'
import { Choice } from '../ui/choice.tsx'
import { Formula, I, O } from '../ui/formula.tsx'
import { Slider, short } from '../ui/slider.tsx'
import { descend, lossAt, lowest, type Place } from './descent.ts'
import { Part } from './part.tsx'

const STEPS = 80
/** The part of the plane that is drawn. */
const view = { left: -3, right: 3.4, bottom: -2, top: 2.2 }

export function LearningRule({ id }: { id: string }) {
  const [rate, setRate] = useState(0.05)
  const [momentum, setMomentum] = useState(0.9)
  const [weightDecay, setWeightDecay] = useState(0)
  const [rule, setRule] = useState<'paper' | 'pytorch'>('paper')
  const [drops, setDrops] = useState(false)
  const [start, setStart] = useState<readonly [number, number]>([-2.4, 1.2])
  const places = useMemo(
    () =>
      descend({
        sgd: { kind: 'sgd', momentum, weightDecay, rule },
        rate,
        dropAt: drops ? STEPS / 8 : undefined,
        start,
        steps: STEPS,
      }),
    [rate, momentum, weightDecay, rule, drops, start],
  )
  const [shown, setShown] = useState(STEPS)
  const step = Math.min(shown, places.length - 1)
  const diverged = places.length <= STEPS

  return (
    <Part
      id={id}
      title="Momentum and weight decay"
      source="Section 5"
      text={
        <>
          <p>
            Each step moves the weights a little downhill. With momentum they keep nine tenths of their speed, as a ball
            would: sideways shaking cancels out, and the way along the valley adds up. Weight decay pulls every weight a
            little towards zero.
          </p>
          <Formula label="v becomes mu v minus epsilon lambda w minus epsilon g">
            <I>v</I>
            <O>←</O>
            <I>μ</I>
            <I>v</I>
            <O>−</O>
            <I>ε</I>
            <I>λ</I>
            <I>w</I>
            <O>−</O>
            <I>ε</I>
            <I>g</I>
          </Formula>
          <Formula label="w becomes w plus v">
            <I>w</I>
            <O>←</O>
            <I>w</I>
            <O>+</O>
            <I>v</I>
          </Formula>
          <p>
            The paper: μ = 0.9, λ = 0.0005, ε = 0.01 at the start, batches of 128. “This small amount of weight decay
            was important for the model to learn.”
          </p>
          <p>
            PyTorch keeps ε out of <i>v</i>. The ways are the same until the rate falls: then the paper's ball keeps its
            speed for a while, and PyTorch's slows down at once.
          </p>
        </>
      }
    >
      <h3>Two weights in a narrow valley</h3>
      <Valley places={places.slice(0, step + 1)} onStart={setStart} />
      <p class="small soft" aria-live="polite">
        {diverged
          ? `After ${places.length - 1} steps the weights fly away: this rate is too high here.`
          : `Step ${step}: loss ${short(places[step].loss)}. Click in the valley to start elsewhere.`}
      </p>
      <div class="controls">
        <Slider label="Steps" min={0} max={STEPS} step={1} value={shown} format={String} onChange={setShown} />
        <Slider label="Rate ε" scale="log" min={0.005} max={0.5} value={rate} onChange={setRate} />
        <Slider label="Momentum μ" min={0} max={0.98} step={0.01} value={momentum} onChange={setMomentum} />
        <Slider label="Weight decay λ" min={0} max={2} step={0.05} value={weightDecay} onChange={setWeightDecay} />
      </div>
      <div class="buttons">
        <Choice
          label="Rule"
          value={rule}
          options={[
            { value: 'paper', label: 'the paper' },
            { value: 'pytorch', label: 'PyTorch' },
          ]}
          onChange={setRule}
        />
        <label class="check end">
          <input type="checkbox" checked={drops} onChange={(event) => setDrops(event.currentTarget.checked)} />ε a tenth
          after {STEPS / 8} steps
        </label>
      </div>
      <Chart
        title="Loss"
        xLabel="step"
        height={140}
        yLog
        x={places.map((_, i) => i)}
        series={[{ label: 'loss', values: places.map(({ loss }) => Math.max(loss, 1e-6)), colour: 1 }]}
      />
    </Part>
  )
}

const WIDTH = 640
const HEIGHT = (WIDTH * (view.top - view.bottom)) / (view.right - view.left)
const toX = (x: number) => ((x - view.left) / (view.right - view.left)) * WIDTH
const toY = (y: number) => ((view.top - y) / (view.top - view.bottom)) * HEIGHT

/** Lines of equal loss are ellipses, which the two axes of the valley give. */
const ellipses = (() => {
  const [a, b, c] = [
    lossAt(lowest[0] + 1, lowest[1]) * 2,
    lossAt(lowest[0] + 1, lowest[1] + 1) - lossAt(lowest[0] + 1, lowest[1]) - lossAt(lowest[0], lowest[1] + 1),
    lossAt(lowest[0], lowest[1] + 1) * 2,
  ]
  const middle = (a + c) / 2
  const spread = Math.hypot((a - c) / 2, b)
  const turn = 0.5 * Math.atan2(2 * b, a - c)
  return [0.05, 0.3, 1, 2.5, 5, 9, 15, 23, 33].map((loss) => ({
    loss,
    rx: Math.sqrt((2 * loss) / (middle + spread)),
    ry: Math.sqrt((2 * loss) / (middle - spread)),
    turn: (-turn * 180) / Math.PI,
  }))
})()

function Valley({ places, onStart }: { places: readonly Place[]; onStart: (start: [number, number]) => void }) {
  const unit = WIDTH / (view.right - view.left)
  const points = places.map(({ x, y }) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`).join(' ')
  const ball = places[places.length - 1]
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: another start is a convenience; everything else has a control
    <svg
      class="valley"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`A valley of loss over two weights, and the way down in ${places.length - 1} steps to a loss of ${short(ball.loss)}`}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        onStart([
          view.left + ((event.clientX - box.left) / box.width) * (view.right - view.left),
          view.top - ((event.clientY - box.top) / box.height) * (view.top - view.bottom),
        ])
      }}
    >
      {ellipses.toReversed().map(({ loss, rx, ry, turn }) => (
        <ellipse
          key={loss}
          class="contour"
          rx={rx * unit}
          ry={ry * unit}
          transform={`translate(${toX(lowest[0])} ${toY(lowest[1])}) rotate(${turn})`}
        />
      ))}
      <line class="axis" x1={toX(0)} x2={toX(0)} y1="0" y2={HEIGHT} />
      <line class="axis" x1="0" x2={WIDTH} y1={toY(0)} y2={toY(0)} />
      <text class="axis-name" x={WIDTH - 24} y={toY(0) - 8}>
        w₁
      </text>
      <text class="axis-name" x={toX(0) + 8} y="18">
        w₂
      </text>
      <polyline class="way" points={points} />
      {places.map(({ x, y }, i) => (
        <circle key={i} class="step" cx={toX(x)} cy={toY(y)} r="2.5" />
      ))}
      <path class="goal" d={`M${toX(lowest[0]) - 6} ${toY(lowest[1])}h12M${toX(lowest[0])} ${toY(lowest[1]) - 6}v12`} />
      <circle class="ball" cx={toX(ball.x)} cy={toY(ball.y)} r="8" />
    </svg>
  )
}
