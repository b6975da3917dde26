import { type Comparison, compare } from '../../../bench/node/compare.js'
import type { Contestant } from '../../../bench/node/contestant.js'
import { engineContestants } from '../../../bench/node/engine-contestants.js'
import { inOwnProcess } from '../../../bench/node/own-process.js'
import { higherPeaks, type Peaks } from '../../../bench/node/peaks.js'
import { type PeerName, peerContestants } from '../../../bench/node/peers.js'
import type { Task, Workload } from '../../../bench/workload.js'
import type { Device } from '../../../engines/device.js'
import type { Precision } from '../../../engines/engine.js'
import { describeMachine } from '../../../engines/node/machine.js'
import { AlexNetError } from '../../../errors.js'
import { createModel } from '../../../models/catalogue.js'
import { interruptible } from '../../interrupt.js'
import { BenchReporter } from './reporter.js'

/** The flags of `alexnet bench`, as commander hands them over. */
export interface BenchFlags {
  readonly model: readonly string[]
  readonly batchSize: readonly number[]
  readonly task: readonly Task[]
  readonly engine?: readonly string[]
  readonly device: Device
  readonly precision: readonly Precision[]
  readonly threads: number
  readonly peer?: readonly PeerName[]
  readonly python: string
  readonly peerTimeout: number
  readonly seconds: number
  readonly rounds: number
  readonly profile?: true
  readonly json?: true
}

/** `alexnet bench`: who takes part, then the machine's peaks, then the rounds, then the table. */
export async function runBench(flags: BenchFlags): Promise<void> {
  if (flags.profile && flags.peer)
    throw new AlexNetError('usage', '--profile shows the operators of one engine: --peer cannot be given with it')
  for (const model of flags.model) createModel(model) // Unknown names before anything takes time.
  const reporter = new BenchReporter(flags.json === true)
  const announce = () => reporter.say('Stopping.')
  await interruptible(announce, (signal) => (flags.profile ? profile : comparePeers)(flags, reporter, signal))
}

async function comparePeers(flags: BenchFlags, reporter: BenchReporter, signal: AbortSignal): Promise<void> {
  const { threads, seconds, rounds } = flags
  const { contestants, versions } = await takingPart(flags, reporter, signal)
  const before = await measurePeaks(flags, reporter, signal)
  const comparisons: Comparison[] = await compare(
    workloadsOf(flags),
    contestants,
    { threads, seconds, rounds, signal },
    reporter,
  )
  const peaks = higherPeaks(before, await measurePeaks(flags, reporter, signal))
  reporter.finish({ ...describeMachine(), threads, peaks, versions }, comparisons, flags.peer ?? [])
}

async function profile(flags: BenchFlags, reporter: BenchReporter, signal: AbortSignal): Promise<void> {
  const { threads, seconds, engine, precision, device } = flags
  const { contestants, versions } = await engineContestants(
    engine?.slice(0, 1),
    precision.slice(0, 1),
    device,
    reporter.onLeftOut,
  )
  const [{ runner, precision: own }] = contestants
  const [workload] = workloadsOf(flags)
  const peaks = await measurePeaks(flags, reporter, signal)
  reporter.say(`measuring the operators of ${workload.task} ${workload.model}, batch ${workload.batchSize}`)
  const settings = { ...workload, engine: runner, device, precision: own, threads, seconds }
  const operators = await inOwnProcess('profile', settings, signal)
  reporter.finishProfile(
    { ...describeMachine(), threads, peaks, versions },
    { ...workload, runner, precision: own, operators },
  )
}

/** The engines, then the peers. */
async function takingPart(
  { engine, device, precision, peer = [], python, peerTimeout }: BenchFlags,
  reporter: BenchReporter,
  signal: AbortSignal,
): Promise<{ contestants: Contestant[]; versions: Record<string, string> }> {
  const engines = await engineContestants(engine, precision, device, reporter.onLeftOut)
  const peers: [PeerName, Awaited<ReturnType<typeof peerContestants>>][] = []
  for (const name of new Set(peer))
    peers.push([
      name,
      await peerContestants(name, precision, { python, timeoutSeconds: peerTimeout, signal }, reporter.onLeftOut),
    ])
  const contestants = [...engines.contestants, ...peers.flatMap(([, { contestants: own }]) => own)]
  if (contestants.length === 0)
    throw new AlexNetError('invalid-setting', 'nobody is left to be measured', '`alexnet doctor` shows the engines.')
  return {
    contestants,
    versions: { ...engines.versions, ...Object.fromEntries(peers.map(([name, { version }]) => [name, version])) },
  }
}

/** Half a second a product shows the peak; whoever wants everything quickly gets this quickly too. */
function measurePeaks(
  { threads, seconds }: BenchFlags,
  reporter: BenchReporter,
  signal: AbortSignal,
): Promise<Peaks | null> {
  reporter.say('measuring the peak of this machine')
  return inOwnProcess('peaks', { threads, seconds: Math.min(0.5, seconds) }, signal)
}

function workloadsOf({ task, model, batchSize }: BenchFlags): Workload[] {
  return task.flatMap((t) => model.flatMap((m) => batchSize.map((b) => ({ task: t, model: m, batchSize: b }))))
}
