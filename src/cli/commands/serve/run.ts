import pc from 'picocolors'
import { engineFor } from '../../../engines/auto/auto-engine.js'
import { AlexNetError } from '../../../errors.js'
import { inferenceProgram } from '../../../programs/inference-program.js'
import { readCheckpoint } from '../../../runs/node/checkpoint-files.js'
import { zooFile } from '../../../runs/node/zoo-files.js'
import { isLoopback } from '../../../server/loopback.js'
import { servePredictions } from '../../../server/prediction-server.js'
import { chooseEngine } from '../../choose-engine.js'
import { counted } from '../../format.js'
import { onInterrupt } from '../../interrupt.js'
import type { ComputeOptions } from '../../options.js'
import { isQuiet, result } from '../../output.js'
import { warning } from '../../warning.js'
import { zooLine } from '../../zoo-line.js'

export interface ServeFlags extends ComputeOptions {
  readonly host: string
  readonly port: number
  readonly allowedHosts?: readonly string[]
  readonly batchSize: number
  readonly maxDelay: number
  readonly queue?: number
  readonly token?: string
  readonly maxBody: number
  readonly maxPixels: number
  readonly maxPictures: number
  readonly timeout: number
}

/** `alexnet serve`: until it is interrupted. */
export async function runServe(run: string | undefined, flags: ServeFlags): Promise<void> {
  const token = flags.token ?? process.env.ALEXNET_TOKEN
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new AlexNetError('usage', 'the token must be of visible ASCII characters, without blanks')
  const queue = flags.queue ?? 4 * flags.batchSize
  const selected = await chooseEngine(flags)
  const checkpoint = await readCheckpoint(run ?? zooFile('photographs'))
  const stopped = new Promise<void>((resolve) => {
    onInterrupt(() => {
      say('Finishing what was taken. Once more Ctrl-C quits at once.')
      resolve()
    })
  })
  const { host, port, allowedHosts, batchSize, maxDelay, threads, precision } = flags
  // One for all sizes of batches: whoever asks alone gets the same numbers as in company.
  const program = inferenceProgram(checkpoint.model, batchSize)
  const { engine, reason } = await engineFor(selected, program, { threads, precision })
  const server = await servePredictions({
    ...{ checkpoint, engine, threads, precision, host, port, allowedHosts, batchSize, maxDelay, queue, token },
    limits: {
      bodyBytes: Math.round(1e6 * flags.maxBody),
      pixels: Math.round(1e6 * flags.maxPixels),
      pictures: flags.maxPictures,
      seconds: flags.timeout,
    },
  })
  const { model, classes } = checkpoint
  say(
    `${pc.dim('model ')} ${model.name}: ${classes.length} classes, pictures of ${model.inputShape.slice(1).join('×')}`,
  )
  if (run === undefined) say(zooLine('photographs', classes))
  say(`${pc.dim('engine')} ${engine.name}: ${reason}, ${counted(threads, 'thread')}, ${precision}`)
  if (!isLoopback(host))
    say(
      warning(
        `other machines can reach this server${token === undefined ? ', and anybody may use it: give a --token' : ', without encryption: put a proxy with TLS before it'}`,
      ),
    )
  result(
    `Listening on ${server.url}. Try it: curl --data-binary @picture.jpg -H 'Content-Type: image/jpeg' ${server.url}/v1/predict`,
  )
  await stopped
  await server.close()
  say('Stopped.')
}

function say(line: string): void {
  if (!isQuiet()) result(line)
}
