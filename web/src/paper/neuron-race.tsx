import { checkRecipe } from 'alexnet'
import { trainInWorker } from 'alexnet/web'
import { useEffect, useRef, useState } from 'preact/hooks'
import { CurveRecorder } from '../train/curves.ts'
import { Chart } from '../ui/chart.tsx'
import { Problem } from '../ui/problem.tsx'
import { startWorker } from '../worker/start-worker.ts'

const neurons = ['relu', 'tanh'] as const
type Neuron = (typeof neurons)[number]

/** The mark of the paper's figure 1, in percent of training error. */
const MARK = 25
/** Between two drawings, in milliseconds. */
const REDRAW = 300

/** The same network, pictures, rate and random numbers; only the neurons differ. */
function recipeFor(activation: Neuron) {
  return checkRecipe(
    {
      model: { name: 'alexnet-cifar', width: 0.25, dropout: 0, initial: 'he', activation },
      data: { name: 'shapes' },
      training: { epochs: 10, batchSize: 32, seed: 1 },
      optimizer: { rate: 0.006 },
    },
    'the race',
  )
}

interface Racer {
  readonly error: readonly (number | null)[]
  readonly epochs: readonly number[]
  /** Epochs until the mark was passed. */
  readonly arrived: number | null
}

const notStarted: Racer = { error: [], epochs: [], arrived: null }

/** Two real trainings at a time, as in the paper's figure 1. */
export function NeuronRace() {
  const [racers, setRacers] = useState<Record<Neuron, Racer>>({ relu: notStarted, tanh: notStarted })
  const [running, setRunning] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const workers = useRef<Worker[]>([])
  const stop = () => {
    for (const worker of workers.current) worker.terminate()
    workers.current = []
    setRunning(false)
  }
  useEffect(() => stop, [])

  const start = () => {
    stop()
    setRunning(true)
    setProblem(null)
    setRacers({ relu: notStarted, tanh: notStarted })
    for (const neuron of neurons)
      run(neuron, workers.current, (racer) => setRacers((before) => ({ ...before, [neuron]: racer }))).catch(
        (error: unknown) => {
          setProblem(error)
          stop()
        },
      )
  }
  // Both make the same steps, but not at the same pace: the one that is ahead gives the axis.
  const { relu, tanh } = racers
  const ahead = relu.epochs.length >= tanh.epochs.length ? relu : tanh
  return (
    <div class="race">
      <h3>The race of figure 1, in this tab</h3>
      <p class="small soft">
        Two small AlexNets learn the ten shapes at the same rate from the same start. When does each come under {MARK} %
        training error?
      </p>
      {(running || ahead.epochs.length > 0) && (
        <Chart
          title="Training error, %"
          xLabel="epoch"
          x={ahead.epochs}
          yRange={[0, 100]}
          mark={{ at: MARK, label: `${MARK} %` }}
          format={(value) => value.toFixed(0)}
          series={[
            { label: 'ReLU', values: padded(relu.error, ahead.epochs.length), colour: 1 },
            { label: 'tanh', values: padded(tanh.error, ahead.epochs.length), colour: 2, dash: true },
          ]}
        />
      )}
      <p class="small" aria-live="polite">
        {neurons
          .filter((neuron) => racers[neuron].arrived !== null)
          .map((neuron) => `${neuron === 'relu' ? 'ReLU' : 'tanh'} took ${racers[neuron].arrived!.toFixed(2)} epochs.`)
          .join(' ')}
      </p>
      <div class="buttons">
        <button type="button" class="button" onClick={running ? stop : start}>
          {running ? 'Stop' : 'Start the race'}
        </button>
      </div>
      <Problem error={problem} />
    </div>
  )
}

function padded(values: Racer['error'], length: number): Racer['error'] {
  return Array.from({ length }, (_, i) => values[i] ?? null)
}

/** One training; ends a little after its mark. One thread each, so that both get the same. */
async function run(neuron: Neuron, workers: Worker[], show: (racer: Racer) => void): Promise<void> {
  const worker = startWorker('training')
  workers.push(worker)
  const recorder = new CurveRecorder()
  let arrived: number | null = null
  let drawn = 0
  const training = await trainInWorker(
    worker,
    { recipe: recipeFor(neuron), data: { kind: 'shapes' }, threads: 1 },
    {
      onStep({ progress, batchesPerEpoch, loss, accuracy }) {
        const epoch = progress.epoch + progress.batch / batchesPerEpoch
        recorder.step(epoch, loss, 1 - accuracy)
        if (arrived === null && recorder.lastError! < MARK / 100) arrived = epoch
        if (performance.now() - drawn < REDRAW) return
        drawn = performance.now()
        const { trainError, x } = recorder.curves()
        show({ error: trainError, epochs: x, arrived })
        if (arrived !== null && epoch > 1.2 * arrived) void training.stop()
      },
    },
  )
  await training.finished
}
