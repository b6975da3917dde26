import { shortKey, valueText } from '../../../runs/sweep-text.js'
import { rehearse } from '../../../training/node/rehearse.js'
import { chooseEngine } from '../../choose-engine.js'
import { duration, table } from '../../format.js'
import { interruptible } from '../../interrupt.js'
import { result } from '../../output.js'
import { runOptionsOf } from '../train/run-options.js'
import { trainSettings } from '../train/settings.js'
import type { SweepFlags } from './flags.js'
import type { SweepPlan } from './plan.js'

/** `alexnet sweep --dry-run`: the runs, and how long they would take. */
export async function dryRunSweep(
  { sweep, recipes, chosen }: SweepPlan,
  flags: SweepFlags,
  say: (line: string) => void,
) {
  const engine = await chooseEngine(flags)
  /** By what the time of a step depends on. */
  const measured = new Map<string, { readonly step: number; readonly evaluation: number; readonly batches: number }>()
  const runs: {
    readonly name: string
    readonly settings: Readonly<Record<string, unknown>>
    readonly seconds: number
  }[] = []
  say('Trying some steps of each network, which takes a few seconds.')
  await interruptible(
    () => say('Stopping.'),
    async (signal) => {
      for (const { name, settings } of sweep.runs) {
        const { model, data, optimizer, training } = recipes.get(name)!
        const key = JSON.stringify([model, data, optimizer.kind, training.batchSize])
        const known = measured.get(key)
        const set = (flags.set ?? []).map((given) => {
          const own = given.path.join('.')
          return Object.hasOwn(settings, own) ? { ...given, value: settings[own] } : given
        })
        const rehearsed = known ?? (await timesOf(set, signal))
        measured.set(key, rehearsed)
        const { epochs } = recipes.get(name)!.training
        runs.push({ name, settings, seconds: epochs * (rehearsed.batches * rehearsed.step + rehearsed.evaluation) })
      }
    },
  )
  if (runs.length < sweep.runs.length) return
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
  if (flags.json) {
    result(JSON.stringify({ runs, seconds }))
    return
  }
  const keys = sweep.lists.map(({ key }) => key)
  const head = ['', ...keys.map(shortKey), 'time']
  const rows = runs.map(({ settings, seconds }, i) => [
    String(i + 1),
    ...keys.map((key) => valueText(settings[key])),
    `about ${duration(seconds)}`,
  ])
  result(table(head, rows, [...head.keys()]))
  result(`About ${duration(seconds)} for all, one after the other. Nothing was written.`)

  async function timesOf(set: SweepFlags['set'], signal: AbortSignal) {
    const { recipe, weights } = await trainSettings(chosen, { ...flags, set })
    const settings = { ...runOptionsOf(flags, chosen), recipe, weights, engine, signal }
    const { secondsPerStep, secondsPerEvaluation, batchesPerEpoch } = await rehearse(settings, { onWarning: say })
    return { step: secondsPerStep, evaluation: secondsPerEvaluation, batches: batchesPerEpoch }
  }
}
