import { FileButton } from '../ui/file-button.tsx'
import { count, duration, percent } from '../ui/numbers.ts'
import { saveFile } from '../ui/save-file.ts'
import { Slider } from '../ui/slider.tsx'
import {
  baseRate,
  begin,
  lastEvaluation,
  lastStep,
  openStartingPoint,
  pause,
  problem,
  resume,
  type SessionState,
  session,
  setRate,
  state,
  stop,
} from './session.ts'
import { startingPoint } from './settings.ts'

const headings: Record<SessionState, string> = {
  preparing: 'Preparing …',
  running: 'Training',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'It did not work',
}

/** Shows an error instead of throwing it into the void. */
function attempt(action: () => Promise<void>): void {
  problem.value = null
  action().catch((error: unknown) => {
    problem.value = error
  })
}

export function TrainingControls() {
  const now = state.value
  const live = now === 'running' || now === 'paused'
  return (
    <>
      <div class="panel-head">
        <h2 class="h3">
          <span role="status">{now ? headings[now] : 'Ready'}</span>
        </h2>
        {session.value && <span class="small soft">{session.value.start.engine}</span>}
      </div>
      <div class="buttons">
        {!live && (
          <button type="button" class="button main" disabled={now === 'preparing'} onClick={() => attempt(begin)}>
            {now === null || now === 'preparing' ? 'Start' : 'Start again'}
          </button>
        )}
        {now === 'running' && (
          <button type="button" class="button" onClick={() => attempt(pause)}>
            Pause
          </button>
        )}
        {now === 'paused' && (
          <button type="button" class="button main" onClick={() => attempt(resume)}>
            Resume
          </button>
        )}
        {live && (
          <button type="button" class="button" onClick={() => attempt(stop)}>
            Stop
          </button>
        )}
        <button type="button" class="button" disabled={!session.value} onClick={() => attempt(save)}>
          Save weights
        </button>
        <FileButton
          accept=".safetensors"
          disabled={live || now === 'preparing'}
          onFiles={([file]) => attempt(() => openStartingPoint(file))}
        >
          Load weights
        </FileButton>
      </div>
      {startingPoint.value && !live && (
        <p class="notice">
          The next training goes on from {startingPoint.value.name}, after step {count(startingPoint.value.step)}, with
          its settings.{' '}
          <button
            type="button"
            class="button quiet"
            onClick={() => {
              startingPoint.value = null
            }}
          >
            Start afresh instead
          </button>
        </p>
      )}
      {session.value && <Numbers />}
      {live && (
        <Slider
          label="Rate ε, now"
          scale="log"
          min={1e-5}
          max={0.1}
          value={baseRate.value}
          onChange={(rate) => attempt(() => setRate(rate))}
        />
      )}
    </>
  )
}

async function save(): Promise<void> {
  const { training, start } = session.value!
  const name = `${start.recipe.data.name}-${start.recipe.model.name}`
  saveFile(await training.checkpoint(), `${name}-step-${lastStep.value?.progress.step ?? start.step}.safetensors`)
}

function Numbers() {
  const step = lastStep.value
  const { epochs } = session.value!.start.recipe.training
  const { batchesPerEpoch, recipe } = session.value!.start
  const done = step ? step.progress.epoch + step.progress.batch / batchesPerEpoch : 0
  const left = step?.imagesPerSecond
    ? ((epochs - done) * batchesPerEpoch * recipe.training.batchSize) / step.imagesPerSecond
    : Number.NaN
  return (
    <>
      <progress aria-label="Epochs done" max={epochs} value={done} />
      <dl class="numbers">
        <Figure name="epoch" value={`${Math.min(Math.floor(done) + 1, epochs)} of ${epochs}`} />
        <Figure name="step" value={count(step?.progress.step ?? 0)} />
        <Figure name="images/s" value={step?.imagesPerSecond ? count(step.imagesPerSecond) : '–'} />
        <Figure name="time left" value={state.value === 'running' ? duration(left) : '–'} />
        <Figure name="rate now" value={step ? step.rate.toPrecision(3) : '–'} />
        <Figure name="training accuracy" value={step ? percent(step.training.top1) : '–'} />
        <Figure
          name={lastEvaluation.value ? `test accuracy, epoch ${lastEvaluation.value.epoch}` : 'test accuracy'}
          value={lastEvaluation.value ? percent(lastEvaluation.value.top1) : '–'}
        />
      </dl>
    </>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
