import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { type Precision, precisions } from '../../engines/engine.js'
import { AlexNetError, messageOf } from '../../errors.js'
import { quoted } from '../../formats/quoted.js'
import { checkWritten } from '../../settings/check.js'
import { type Contestant, PeerFailed } from './contestant.js'
import { type FinishedProcess, runProcess } from './run-process.js'
import { splitCommand } from './split-command.js'

export const peerNames = ['pytorch', 'tfjs', 'jax'] as const
export type PeerName = (typeof peerNames)[number]

export interface PeerOptions {
  /** The command that runs Python with PyTorch. */
  readonly python: string
  /** A measurement that takes longer is given up. */
  readonly timeoutSeconds: number
  readonly signal?: AbortSignal
}

/** How the script of a peer is called; its arguments come after these. */
interface Call {
  readonly command: string
  readonly args: readonly string[]
  readonly input?: string
}

/** What a script answers to `--describe`. */
const descriptionSchema = z.object({
  version: z.string(),
  models: z.array(z.string()),
  layouts: z.array(z.string()),
  precisions: z.array(z.enum(precisions)),
})

/** What it prints of a measurement. `batchSize` may be smaller than was asked for. */
const answerSchema = z.object({
  batchSize: z.number(),
  imagesPerSecond: z.number(),
  min: z.number(),
  max: z.number(),
  peakMemoryBytes: z.number(),
})

const directory = fileURLToPath(new URL('../../../bench/', import.meta.url))

/**
 * A peer in all its layouts, and in those of the precisions that it has.
 * @throws AlexNetError `missing-data` when it is not installed, `invalid-setting` when its command cannot be started.
 */
export async function peerContestants(
  name: PeerName,
  asked: readonly Precision[],
  options: PeerOptions,
  onLeftOut: (reason: string) => void,
): Promise<{ contestants: Contestant[]; version: string }> {
  const call = name === 'pytorch' ? await pytorch(options.python) : script(name)
  const { signal, timeoutSeconds } = options
  const finished = await start(call, ['--describe'], { signal, timeoutSeconds }).catch((error: unknown) => {
    throw signal?.aborted ? error : cannotStart(call.command, messageOf(error))
  })
  if (!finished.stdout.trim()) throw notInstalled(name, options.python, finished)
  const {
    version,
    models,
    layouts,
    precisions: known,
  } = checkWritten(
    descriptionSchema,
    answerOf(finished, (reason) => doesNotRun(name, reason)),
    `what ${name} says of itself`,
  )
  for (const precision of asked) if (!known.includes(precision)) onLeftOut(`${name} has no precision ${precision}`)
  const contestants = asked
    .filter((precision) => known.includes(precision))
    .flatMap((precision) =>
      layouts.map(
        (layout): Contestant => ({
          runner: name,
          precision,
          layout,
          isPeer: true,
          knows: (model) => models.includes(model),
          async measure({ task, model, batchSize }, { threads, seconds, signal: stop }) {
            const workload = { task, model, batchSize }
            const args = Object.entries({ task, model, 'batch-size': batchSize, layout, precision, threads, seconds })
            const done = await start(
              call,
              args.flatMap(([key, value]) => [`--${key}`, String(value)]),
              { signal: stop, timeoutSeconds, env: { OMP_NUM_THREADS: String(threads) } },
            )
            if (done.timedOut) throw new PeerFailed(`no result within ${timeoutSeconds} s`)
            if (!done.stdout.trim()) throw new PeerFailed(reasonOf(done))
            return {
              ...workload,
              runner: name,
              precision,
              layout,
              ...checkWritten(
                answerSchema,
                answerOf(done, (reason) => new PeerFailed(reason)),
                name,
              ),
            }
          },
        }),
      ),
    )
  return { contestants, version }
}

/** Python reads the script from its standard input, so it may live where this package is not, in a chroot, say. */
async function pytorch(python: string): Promise<Call> {
  const [command, ...args] = splitCommand(python)
  if (command === undefined) throw new AlexNetError('usage', '--python: the command is empty')
  return { command, args: [...args, '-'], input: await readFile(`${directory}pytorch.py`, 'utf8') }
}

/** The JavaScript peers lie in a clone, with packages of their own. */
function script(name: Exclude<PeerName, 'pytorch'>): Call {
  if (!existsSync(`${directory}node_modules`) || !existsSync(`${directory}${name}.js`))
    throw new AlexNetError(
      'missing-data',
      `the peer ${name} is not installed`,
      'It is measured in a clone of the repository, after `npm ci --prefix bench`.',
    )
  return { command: process.execPath, args: [`${directory}${name}.js`] }
}

function start(
  { command, args, input }: Call,
  more: readonly string[],
  options: { signal?: AbortSignal; timeoutSeconds: number; env?: Record<string, string> },
): Promise<FinishedProcess> {
  return runProcess(command, [...args, ...more], { ...options, input })
}

/**
 * What a script answers. What a library prints by itself comes before.
 * @param refuse Makes the error of what is no answer.
 */
function answerOf({ stdout }: FinishedProcess, refuse: (reason: string) => Error): unknown {
  const line = stdout.trim().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(line)
  } catch {
    throw refuse(`expected JSON in the last line that it prints, got ${quoted(line)}`)
  }
}

function reasonOf({ stderr, ending }: FinishedProcess): string {
  return stderr.trim().split('\n').at(-1) || ending
}

function cannotStart(command: string, reason: string): AlexNetError {
  return new AlexNetError(
    'invalid-setting',
    `cannot start '${command}': ${reason}`,
    'Give another command: --python CMD',
  )
}

function notInstalled(name: PeerName, python: string, finished: FinishedProcess): AlexNetError {
  const noTorch = finished.stderr.includes("No module named 'torch'")
  if (noTorch)
    return new AlexNetError(
      'missing-data',
      `'${python}' has no PyTorch`,
      'On Debian: apt-get install python3-torch libopenblas0-pthread, then --python /usr/bin/python3; elsewhere: pip install torch',
    )
  const what = finished.timedOut ? 'no answer in time' : reasonOf(finished)
  return doesNotRun(name, what)
}

function doesNotRun(name: PeerName, reason: string): AlexNetError {
  return new AlexNetError('missing-data', `the peer ${name} does not run: ${reason}`)
}
