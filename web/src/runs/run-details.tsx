import type { LiveProgress, RunResponse, TileGrid } from 'alexnet/api'
import { useEffect, useState } from 'preact/hooks'
import { openNet } from '../net/net.ts'
import { linkTo } from '../shell/router.ts'
import { count, decimal, duration, percent } from '../ui/numbers.ts'
import { Problem } from '../ui/problem.tsx'
import { addressOf, loadCheckpoint, loadRun } from './api.ts'
import { LayerStatistics } from './layer-statistics.tsx'
import type { RunFeed } from './run-feed.ts'
import { stateNames } from './run-list.tsx'
import { Tiles } from './tiles.tsx'

/** Everything about one run. */
export function RunDetails({ feed, colour }: { feed: RunFeed; colour: number }) {
  const [run, setRun] = useState<RunResponse | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const live = feed.live.value
  const state = feed.state.value
  const epochs = feed.lines.value.filter(({ kind }) => kind === 'epoch').length

  useEffect(() => {
    loadRun(feed.name).then(setRun, setProblem)
  }, [feed.name, state, epochs])

  const evaluation = run?.lastEpoch?.validation ?? run?.lastEpoch?.test
  const machine = live?.progress?.machine ?? run?.machine
  const pictures = live?.inside?.pictures
  const picture = (what: string) => addressOf(feed.name, `/pictures/${what}.png?step=${live?.inside?.step}`)
  const useIt = async (view: 'try' | 'look') => {
    setProblem(null)
    await openNet(await loadCheckpoint(feed.name), feed.name)
    location.hash = linkTo(view)
  }
  return (
    <section class="panel" aria-label={`Run ${feed.name}`}>
      <div class="panel-head">
        <h2 class={`h3 series-${colour}`}>{feed.name}</h2>
        {state && (
          <span class="small soft" role="status">
            {stateNames[state]}
          </span>
        )}
      </div>
      <Problem error={problem} />
      {state === 'running' && live?.progress && <Progress progress={live.progress} />}
      <dl class="numbers">
        {state !== 'running' && run && <Item name="epochs" value={`${run.epoch} of ${run.epochs}`} />}
        {evaluation && <Item name="error" value={percent(1 - evaluation.top1)} />}
        {evaluation && <Item name="loss" value={decimal(evaluation.loss)} />}
        {feed.timing.value.length > 0 && (
          <Item name="images/s, last epoch" value={count(feed.timing.value.at(-1)!.imagesPerSecond)} />
        )}
        {run?.network && <Item name="parameters" value={count(run.network.parameters)} />}
      </dl>
      {run && (
        <p class="small soft">
          {run.model} on {run.data}
          {machine ? `; ${machine.engine}, ${machine.precision}, ${machine.threads} threads, ${machine.processor}` : ''}
        </p>
      )}
      {run && run.checkpoints.length > 0 && (
        <div class="buttons">
          <button type="button" class="button" onClick={() => useIt('try').catch(setProblem)}>
            Try it on a picture
          </button>
          <button type="button" class="button" onClick={() => useIt('look').catch(setProblem)}>
            Look inside
          </button>
        </div>
      )}
      {live?.inside && live.inside.parameters.length > 0 && (
        <LayerStatistics parameters={live.inside.parameters} epoch={live.inside.epoch} />
      )}
      {pictures?.filters && (
        <Tiles title="Filters of the first layer" grid={pictures.filters} address={picture('filters')} />
      )}
      {pictures?.batch && (
        <Tiles
          title="A batch as the network sees it, after augmentation"
          grid={pictures.batch}
          address={picture('batch')}
          captions={pictures.batch.labels}
        />
      )}
      {pictures?.mistakes && (
        <Tiles
          title="Its most confident mistakes"
          grid={pictures.mistakes satisfies TileGrid}
          address={picture('mistakes')}
          captions={pictures.mistakes.pictures.map(
            ({ label, predicted, probability }) => `${label}, taken for ${predicted} (${percent(probability, 0)})`,
          )}
        />
      )}
    </section>
  )
}

function Progress({ progress }: { progress: LiveProgress }) {
  const { epoch, epochs, batch, batchesPerEpoch, step, rate, imagesPerSecond, secondsLeft, training } = progress
  const done = epoch + batch / batchesPerEpoch
  return (
    <>
      <progress aria-label="Epochs done" max={epochs} value={done} />
      <dl class="numbers">
        <Item name="epoch" value={`${Math.min(epoch + 1, epochs)} of ${epochs}`} />
        <Item name="step" value={count(step)} />
        <Item name="images/s" value={count(imagesPerSecond)} />
        <Item name="time left" value={duration(secondsLeft)} />
        <Item name="rate" value={rate.toPrecision(3)} />
        <Item name="training loss" value={decimal(training.loss)} />
      </dl>
    </>
  )
}

function Item({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
