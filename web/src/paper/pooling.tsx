import { float32, operators, random } from 'alexnet'
import { useMemo, useState } from 'preact/hooks'
import { Formula, Frac, I, N, O } from '../ui/formula.tsx'
import { applyOperator } from './compute.ts'
import { Part } from './part.tsx'

const SIDE = 9

/** A map with a few peaks: whole numbers from 0 to 9. */
function drawMap(seed: number): Float32Array {
  const stream = random(seed, 'test', 'pooling figure')
  const peaks = Array.from({ length: 4 }, () => [
    stream.between(0, SIDE),
    stream.between(0, SIDE),
    stream.between(5, 10),
  ])
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [y, x] = [Math.floor(i / SIDE), i % SIDE]
    const height = peaks.reduce((sum, [py, px, h]) => sum + h * Math.exp(-((y - py) ** 2 + (x - px) ** 2) / 2.5), 0)
    return Math.min(9, Math.max(0, Math.round(height + stream.between(-1, 1))))
  })
}

interface Kind {
  readonly title: string
  readonly kernel: number
  readonly stride: number
}

const kinds: readonly Kind[] = [
  { title: 'Overlapping: windows of 3, moved by 2', kernel: 3, stride: 2 },
  { title: 'Plain: windows of 2, moved by 2', kernel: 2, stride: 2 },
]

export function Pooling({ id }: { id: string }) {
  const [seed, setSeed] = useState(2)
  const map = useMemo(() => drawMap(seed), [seed])
  return (
    <Part
      id={id}
      title="Overlapping pooling"
      source="Section 3.4"
      text={
        <>
          <p>
            Pooling keeps the highest value of each window, so a map becomes smaller, and it matters less where exactly
            something was seen. Usually the windows lie side by side. In AlexNet they are 3 wide and move by 2, so
            neighbours share a row or column.
          </p>
          <Formula label="the number of places along an axis is the height minus z, divided by s, rounded down, plus 1">
            <I>H</I>
            <O>′</O>
            <O>=</O>
            <O>⌊</O>
            <Frac
              of={
                <>
                  <I>H</I>
                  <O>−</O>
                  <I>z</I>
                </>
              }
              by={<I>s</I>}
            />
            <O>⌋</O>
            <O>+</O>
            <N>1</N>
          </Formula>
          <p>
            <i>z</i> is the side of the window, <i>s</i> how far it moves. Overlap lowered the top-1 error by 0.4 points
            and, the authors write, made the network somewhat harder to overfit.
          </p>
        </>
      }
    >
      <div class="panel-head">
        <h3>The same map, pooled both ways</h3>
        <button type="button" class="button quiet" onClick={() => setSeed(seed + 1)}>
          Draw another map
        </button>
      </div>
      <p class="small soft">Point at a result, or tab to it, to see its window.</p>
      <div class="pooling-pair">
        {kinds.map((kind) => (
          <Pooled key={kind.kernel} map={map} kind={kind} />
        ))}
      </div>
    </Part>
  )
}

function Pooled({ map, kind: { title, kernel, stride } }: { map: Float32Array; kind: Kind }) {
  const [chosen, setChosen] = useState(5)
  const { shape, values } = useMemo(
    () => applyOperator(operators.maxPool2d, [float32([1, 1, SIDE, SIDE], map)], { kernel, stride, ceil: false }),
    [map, kernel, stride],
  )
  const columns = shape[3]
  const [top, left] = [stride * Math.floor(chosen / columns), stride * (chosen % columns)]
  const inWindow = (i: number) => {
    const [y, x] = [Math.floor(i / SIDE), i % SIDE]
    return y >= top && y < top + kernel && x >= left && x < left + kernel
  }
  return (
    <div class="pooled">
      <h4>{title}</h4>
      <div class="cells" style={{ gridTemplateColumns: `repeat(${SIDE}, 1fr)` }} aria-hidden="true">
        {Array.from(map, (value, i) => (
          <span key={i} class={inWindow(i) ? 'cell in' : 'cell'} data-level={value}>
            {value}
          </span>
        ))}
      </div>
      <span class="soft" aria-hidden="true">
        ↓
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        class="cells out"
        role="group"
        aria-label={`Results: ${title}`}
        style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}
      >
        {Array.from(values, (value, i) => (
          <button
            type="button"
            key={i}
            class={i === chosen ? 'cell in' : 'cell'}
            data-level={value}
            aria-label={`row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}: ${value}`}
            onFocus={() => setChosen(i)}
            onMouseEnter={() => setChosen(i)}
            onClick={() => setChosen(i)}
          >
            {value}
          </button>
        ))}
      </div>
      <p class="small soft">
        {SIDE}×{SIDE} becomes {columns}×{columns}
      </p>
    </div>
  )
}
