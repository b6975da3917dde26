import { fileURLToPath } from 'node:url'
import { AlexNetError } from '../../errors.js'
import { type PackedError, unpackError } from '../../packed-error.js'
import type { Measurement } from '../measurement.js'
import type { OperatorCost } from '../profile.js'
import type { EngineSettings } from './measure-engine.js'
import type { Peaks } from './peaks.js'
import { runProcess } from './run-process.js'

/** What a measuring process can be asked to do, and what it answers. */
export interface Jobs {
  measure: { settings: EngineSettings; result: Measurement }
  profile: { settings: EngineSettings; result: OperatorCost[] }
  peaks: { settings: { readonly threads: number; readonly seconds: number }; result: Peaks | null }
}

export type Reply = { readonly result: Jobs[keyof Jobs]['result'] } | { readonly error: PackedError }

/**
 * Does one job in a fresh process: its peak memory is that of this job alone, and no job finds caches, heaps or thread
 * pools as another has left them.
 */
export async function inOwnProcess<Kind extends keyof Jobs>(
  kind: Kind,
  settings: Jobs[Kind]['settings'],
  signal?: AbortSignal,
): Promise<Jobs[Kind]['result']> {
  const file = fileURLToPath(new URL('./measuring-process.js', import.meta.url))
  const { stdout, stderr, ending } = await runProcess(process.execPath, [file, JSON.stringify({ kind, settings })], {
    signal,
  })
  const line = stdout.trim().split('\n').at(-1)
  if (!line)
    throw new AlexNetError(
      'engine-failed',
      `the measuring process ended without an answer (${ending})${stderr.trim() ? `: ${stderr.trim().split('\n').at(-1)}` : ''}`,
    )
  const reply = JSON.parse(line) as Reply
  if ('error' in reply) throw unpackError(reply.error)
  return reply.result as Jobs[Kind]['result']
}
