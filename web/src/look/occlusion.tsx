import { useEffect, useRef, useState } from 'preact/hooks'
import type { LabelProbability, OcclusionMap, WebClassifier } from '../../../src/web.ts'
import { percent } from '../ui/numbers.ts'
import { Picture, type Pixels } from '../ui/picture.tsx'
import { Problem } from '../ui/problem.tsx'
import { Slider } from '../ui/slider.tsx'

interface OcclusionProps {
  readonly classifier: WebClassifier
  readonly image: ImageData
  readonly answer: LabelProbability
}

/** Which part of the picture carries the answer: a gray square covers one part after the other. */
export function Occlusion({ classifier, image, answer }: OcclusionProps) {
  const side = classifier.summary.input[1]
  const [patch, setPatch] = useState(Math.max(3, Math.round(side / 4)))
  const [result, setResult] = useState<{ map: OcclusionMap; seen: Pixels } | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const asked = useRef(0)

  useEffect(() => setResult(null), [classifier, image])
  const compute = async () => {
    const mine = ++asked.current
    setBusy(true)
    setProblem(null)
    try {
      const stride = Math.max(1, Math.round(side / 32))
      const map = await classifier.occlusionMap(image, { patch, stride, index: answer.index })
      const seen = await classifier.fitted(image)
      if (mine === asked.current) setResult({ map, seen })
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section class="panel" aria-label="Occlusion map">
      <div>
        <h2 class="h3">Which part carries the answer</h2>
        <p class="small soft">
          A gray square covers one part of the picture after the other. Where <strong>{answer.label}</strong> loses
          most, the network was looking.
        </p>
      </div>
      <Slider
        label="Side of the square, pixels"
        min={2}
        max={Math.round(side / 2)}
        step={1}
        value={patch}
        format={String}
        onChange={setPatch}
      />
      <div class="buttons">
        <button type="button" class="button" disabled={busy} onClick={compute}>
          {busy ? 'Covering …' : 'Cover it part by part'}
        </button>
      </div>
      <Problem error={problem} />
      {result && (
        <>
          <div class="occlusion">
            <figure>
              <Picture pixels={result.seen} label="What the network sees" />
              <figcaption class="small soft">the picture</figcaption>
            </figure>
            <figure>
              <Picture
                pixels={spotlight(result.seen, result.map)}
                label={`The parts of the picture that carry the answer ${answer.label}, lit`}
              />
              <figcaption class="small soft">lit where covering it hurts</figcaption>
            </figure>
          </div>
          <p class="small soft">
            Uncovered {percent(result.map.whole)}; at the worst place {percent(lowest(result.map.probability))} is left.
          </p>
        </>
      )}
    </section>
  )
}

function lowest(values: Float32Array): number {
  return values.reduce((low, value) => Math.min(low, value), 1)
}

/** The picture, lit by how much the answer loses when a place is covered. */
function spotlight(seen: Pixels, { rows, columns, probability, whole }: OcclusionMap): Pixels {
  const { width, height } = seen
  const strongest = Math.max(whole - lowest(probability), 1e-9)
  const data = new Uint8ClampedArray(seen.data)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const row = Math.min(rows - 1, Math.floor((y * rows) / height))
      const column = Math.min(columns - 1, Math.floor((x * columns) / width))
      const loss = Math.max(0, whole - probability[row * columns + column]) / strongest
      const light = 0.15 + 0.85 * loss
      for (let c = 0; c < 3; c++) data[4 * (y * width + x) + c] *= light
    }
  return { width, height, data }
}
