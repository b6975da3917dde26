import type { TestPrediction } from 'alexnet/web'
import { useEffect, useState } from 'preact/hooks'
import { Bars } from '../ui/bars.tsx'
import { Picture } from '../ui/picture.tsx'
import { fromBytes } from '../ui/pixels.ts'
import { session, state } from './session.ts'
import { useRegularly } from './use-regularly.ts'

const SHOWN = 8
const TOP = 3

/** Pictures of the test part, and what the net makes of them as it learns. */
export function Predictions() {
  const [first, setFirst] = useState(0)
  const [predictions, setPredictions] = useState<readonly TestPrediction[]>([])
  const pictures = session.value?.start.evaluationPictures ?? 0

  useEffect(() => {
    if (!session.value) setPredictions([])
  }, [session.value])
  useRegularly(2500, [first, session.value, state.value], async () => {
    if (!session.value) return
    const indices = Array.from({ length: Math.min(SHOWN, pictures) }, (_, i) => (first + i) % pictures)
    setPredictions(await session.value.training.predict(indices, TOP))
  })

  // When a training is started again, the predictions of the last one are there a moment longer than its session.
  if (predictions.length === 0 || !session.value) return null
  const { classes } = session.value.start
  const right = predictions.filter(({ label, top }) => top[0].index === label).length
  return (
    <section class="panel" aria-label="Test pictures">
      <div class="panel-head">
        <h2 class="h3">Test pictures</h2>
        <span class="small soft">
          {right} of {predictions.length} right
        </span>
        <button type="button" class="button quiet" onClick={() => setFirst((first + SHOWN) % pictures)}>
          Others
        </button>
      </div>
      <ul class="picture-grid predictions">
        {predictions.map(({ index, picture, height, width, label, top }) => (
          <li key={index}>
            <Picture pixels={fromBytes(picture, height, width)} label={classes[label]} />
            <div>
              <p class="small">{classes[label]}</p>
              <Bars
                label={`Guesses for a picture of the class ${classes[label]}`}
                bars={top.map((guess, place) => ({
                  label: guess.label,
                  share: guess.probability,
                  mark: guess.index === label ? 'right' : place === 0 ? 'wrong' : undefined,
                }))}
              />
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
