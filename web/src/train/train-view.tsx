import { Chart } from '../ui/chart.tsx'
import { decimal } from '../ui/numbers.ts'
import { Problem } from '../ui/problem.tsx'
import { FormingFilters } from './forming-filters.tsx'
import { NetworkPreview } from './network-preview.tsx'
import { Predictions } from './predictions.tsx'
import { curves, problem, session, state, warning } from './session.ts'
import { SettingsForm } from './settings-form.tsx'
import { TrainingControls } from './training-controls.tsx'

export function TrainView() {
  const busy = state.value === 'preparing' || state.value === 'running' || state.value === 'paused'
  return (
    <>
      <header class="page-head">
        <h1 tabIndex={-1}>Train a network in this tab</h1>
        <p>
          The same program, settings and random numbers as on the command line, run by your browser. With the settings
          as they stand it learns ten shapes within a few minutes.
        </p>
      </header>
      <div class="train">
        <SettingsForm disabled={busy} />
        <div class="train-live">
          <section class="panel" aria-label="Training">
            <TrainingControls />
            <Problem error={problem.value} />
            {warning.value && (
              <p class="notice warn" role="status">
                {warning.value}
              </p>
            )}
            {state.value === null ? <NetworkPreview /> : <LearningCurves />}
          </section>
          <Predictions />
          <FormingFilters />
        </div>
      </div>
    </>
  )
}

function LearningCurves() {
  const { x, trainLoss, testLoss, trainError, testError } = curves.value
  const part = session.value?.start.evaluationPart ?? 'test'
  const epochs = session.value?.start.recipe.training.epochs ?? 1
  return (
    <div class="two-charts">
      <Chart
        title="Loss"
        xLabel="epoch"
        xRange={[0, epochs]}
        x={x}
        format={decimal}
        series={[
          { label: 'training', values: trainLoss, colour: 1 },
          { label: part, values: testLoss, colour: 2, points: true },
        ]}
      />
      <Chart
        title="Error, %"
        xLabel="epoch"
        xRange={[0, epochs]}
        x={x}
        yRange={[0, 100]}
        format={(value) => value.toFixed(0)}
        series={[
          { label: 'training', values: trainError, colour: 1 },
          { label: part, values: testError, colour: 2, points: true },
        ]}
      />
    </div>
  )
}
