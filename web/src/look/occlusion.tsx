import type { LabelProbability, OcclusionMap, WebClassifier } from 'alexnet/web'
import { useEffect, useRef, useState } from 'preact/hooks'
import { percent } from '../ui/numbers.ts'
import { Picture, type Pixels } from '../ui/picture.tsx'
import { range } from '../ui/pixels.ts'
import { Problem } from '../ui/problem.tsx'
import { Slider } from '../ui/slider.tsx'
import { lossOfPixels } from './loss-of-pixels.ts'

interface OcclusionProps {
  readonly classifier: WebClassifier
  readonly image: ImageData
  readonly answer: LabelProbability
}

/** Which part of the picture carries the answer: a gray square covers one part after the other. */
export function Occlusion({ classifier, image, answer }: OcclusionProps) {
  const side = classifier.summary.input[1]
  const [patch, setPatch] = useState(Math.max(3, Math.round(side / 4)))
  const [result, setResult] = useState<{ map: OcclusionMap; patch: number; seen: Pixels } | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const asked = useRef(0)

  useEffect(() => setResult(null), [classifier, image])
  const compute = async () => {
    const mine = ++asked.current
    setBusy(true)
    setProblem(null)
    try {
      const map = await classifier.occlusionMap(image, { patch, stride: strideFor(side), index: answer.index })
      const seen = await classifier.fitted(image)
      if (mine === asked.current) setResult({ map, patch, seen })
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
                pixels={spotlight(result.seen, lossOfPixels(result.map, result.patch, strideFor(side), side))}
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

/** Some 30 places along each side. */
function strideFor(side: number): number {
  return Math.max(1, Math.round(side / 32))
}

/** The picture, lit by what the answer loses when a place is covered. */
function spotlight(seen: Pixels, losses: Float32Array): Pixels {
  const { high } = range(losses)
  const data = new Uint8ClampedArray(seen.data)
  losses.forEach((loss, i) => {
    const light = 0.15 + 0.85 * Math.max(0, loss / Math.max(high, 1e-9))
    for (let c = 0; c < 3; c++) data[4 * i + c] *= light
  })
  return { width: seen.width, height: seen.height, data }
}
