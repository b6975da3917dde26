import { float32, operators } from 'alexnet'
import { useMemo, useState } from 'preact/hooks'
import { Chart } from '../ui/chart.tsx'
import { Formula, Frac, I, N, Name, O, Sup } from '../ui/formula.tsx'
import { Slider } from '../ui/slider.tsx'
import { applyOperator } from './compute.ts'
import { NeuronRace } from './neuron-race.tsx'
import { Part } from './part.tsx'

const POINTS = 161
const xs = Float32Array.from({ length: POINTS }, (_, i) => -4 + (8 * i) / (POINTS - 1))

/** Value and slope of both neurons at the given places. */
function neuronsAt(places: Float32Array) {
  const x = float32([places.length], places)
  const ones = float32([places.length], new Float32Array(places.length).fill(1))
  const of = (y: ArrayLike<number>) => float32([places.length], Float32Array.from(y))
  const rectified = applyOperator(operators.relu, [x], {}).values
  const squashed = applyOperator(operators.tanh, [x], {}).values
  return {
    relu: Array.from(rectified),
    reluSlope: Array.from(applyOperator(operators.reluGradient, [ones, of(rectified)], {}).values),
    tanh: Array.from(squashed),
    tanhSlope: Array.from(applyOperator(operators.tanhGradient, [ones, of(squashed)], {}).values),
  }
}

export function Relu({ id }: { id: string }) {
  const [at, setAt] = useState(2.5)
  const curves = useMemo(() => neuronsAt(xs), [])
  const point = useMemo(() => neuronsAt(Float32Array.of(at)), [at])
  return (
    <Part
      id={id}
      title="ReLU"
      source="Section 3.1 and figure 1"
      text={
        <>
          <p>
            A neuron used to answer with tanh. Far from zero tanh is flat: its slope is almost nothing there, and
            learning goes by slopes, so a neuron that is sure of itself hardly learns. The rectified linear unit passes
            what is above zero as it is, with a slope of 1, and nothing else.
          </p>
          <Formula label="ReLU of x is the greater of 0 and x; its slope is 1 where x is above 0, else 0">
            <Name>ReLU</Name>
            <O>(</O>
            <I>x</I>
            <O>)</O>
            <O>=</O>
            <Name>max</Name>
            <O>(</O>
            <N>0</N>
            <O>,</O>
            <I>x</I>
            <O>)</O>
          </Formula>
          <Formula label="the slope of tanh is one minus tanh squared">
            <Frac of={<Name>d tanh</Name>} by={<I>dx</I>} />
            <O>=</O>
            <N>1</N>
            <O>−</O>
            <Sup of={<Name>tanh</Name>} by={<N>2</N>} />
            <I>x</I>
          </Formula>
          <p>
            In the paper a network of four layers came down to 25 % training error on CIFAR-10 six times faster with
            ReLU than with tanh.
          </p>
        </>
      }
    >
      <h3>The two neurons and their slopes</h3>
      <Chart
        title="Answer of the neuron, and its slope (dashed)"
        xLabel="x"
        x={Array.from(xs)}
        yRange={[-1.2, 4]}
        series={[
          { label: 'ReLU', values: curves.relu, colour: 1 },
          { label: 'its slope', values: curves.reluSlope, colour: 1, dash: true },
          { label: 'tanh', values: curves.tanh, colour: 2 },
          { label: 'its slope', values: curves.tanhSlope, colour: 2, dash: true },
        ]}
      />
      <Slider label="Input x" min={-4} max={4} step={0.1} value={at} format={(x) => x.toFixed(1)} onChange={setAt} />
      <dl class="numbers" aria-live="polite">
        <div>
          <dt>ReLU(x)</dt>
          <dd>{point.relu[0].toFixed(3)}</dd>
        </div>
        <div>
          <dt>slope of ReLU</dt>
          <dd>{point.reluSlope[0]}</dd>
        </div>
        <div>
          <dt>tanh(x)</dt>
          <dd>{point.tanh[0].toFixed(3)}</dd>
        </div>
        <div>
          <dt>slope of tanh</dt>
          <dd>{point.tanhSlope[0].toFixed(4)}</dd>
        </div>
      </dl>
      <NeuronRace />
    </Part>
  )
}
