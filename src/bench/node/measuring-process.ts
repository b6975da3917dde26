/** The process of `inOwnProcess`: does the job of its argument and prints the answer as one line. */
import { tuningVariable } from '../../engines/onednn/tuning/tuning-mode.js'
import { packError } from '../../packed-error.js'
import { measureEngine, profileEngine } from './measure-engine.js'
import type { Jobs, Reply } from './own-process.js'
import { measurePeaks } from './peaks.js'

type Job = { [Kind in keyof Jobs]: { kind: Kind; settings: Jobs[Kind]['settings'] } }[keyof Jobs]

async function work(job: Job): Promise<Jobs[keyof Jobs]['result']> {
  switch (job.kind) {
    case 'measure':
      return measureEngine(job.settings)
    case 'profile':
      return profileEngine(job.settings)
    case 'peaks':
      // The peak is that of multiplying, not of finding less to multiply.
      process.env[tuningVariable] = 'off'
      return (await measurePeaks(job.settings.threads, job.settings.seconds)) ?? null
  }
}

const reply: Reply = await work(JSON.parse(process.argv[2]) as Job).then(
  (result) => ({ result }),
  (error: unknown) => ({ error: packError(error) }),
)
process.stdout.write(`${JSON.stringify(reply)}\n`)
