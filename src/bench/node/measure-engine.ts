import type { Device } from '../../engines/device.js'
import type { Precision } from '../../engines/engine.js'
import { selectEngine } from '../../engines/node/select-engine.js'
import { createModel } from '../../models/catalogue.js'
import { initialTensor } from '../../models/initial-state.js'
import { parametersOf } from '../../models/model.js'
import { type Measurement, median } from '../measurement.js'
import { type OperatorCost, operatorCosts } from '../profile.js'
import { programOf, type Workload } from '../workload.js'

export interface EngineSettings extends Workload {
  readonly engine: string
  readonly device: Device
  readonly precision: Precision
  readonly threads: number
  readonly seconds: number
}

/** What is measured at least, however little time is given, and what is done before. */
const LEAST_STEPS = 3
const WARM_UP_STEPS = 2

/** Measures an engine in this process, whose highest memory it then is. Inputs lie ready: no data are read. */
export async function measureEngine(settings: EngineSettings): Promise<Measurement> {
  const { task, model, batchSize, engine, precision } = settings
  const { steps, dispose } = await prepare(settings, false)
  const speeds = (await steps()).map((seconds) => batchSize / seconds)
  await dispose()
  return {
    task,
    model,
    batchSize,
    runner: engine,
    precision,
    layout: 'default',
    imagesPerSecond: median(speeds),
    min: Math.min(...speeds),
    max: Math.max(...speeds),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
}

/** Measures what each operator costs. */
export async function profileEngine(settings: EngineSettings): Promise<OperatorCost[]> {
  const { program, executable, steps, dispose } = await prepare(settings, true)
  const before = await executable.timings()
  const count = (await steps()).length
  const costs = operatorCosts(program, await executable.timings(), before, count)
  await dispose()
  return costs
}

/** Compiles and warms up; `steps` then gives the seconds of each step. */
async function prepare(settings: EngineSettings, profile: boolean) {
  const { threads, precision } = settings
  const { program, inputs } = programOf(settings)
  const { engine } = await selectEngine(settings.engine, settings.device)
  const executable = await engine.compile(program, { threads, precision, profile })
  // One by one: the highest memory is to be that of the steps, not of a second copy of all parameters.
  for (const parameter of parametersOf(createModel(settings.model)))
    await executable.writeState({ [parameter.name]: initialTensor(parameter, 1) })
  for (let step = 0; step < WARM_UP_STEPS; step++) await executable.run(inputs)
  const steps = async () => {
    const seconds: number[] = []
    const end = performance.now() + 1000 * settings.seconds
    while (seconds.length < LEAST_STEPS || performance.now() < end) {
      const start = performance.now()
      await executable.run(inputs)
      seconds.push((performance.now() - start) / 1000)
    }
    return seconds
  }
  return { program, executable, steps, dispose: () => executable.dispose() }
}
