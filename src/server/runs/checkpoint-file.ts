import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { runFiles } from '../../runs/node/run-files.js'
import { fileOf, type NamedRun } from '../../runs/node/run-folders.js'
import type { CheckpointName } from '../../runs/which-checkpoint.js'
import { HttpProblem } from '../problem.js'

/**
 * A checkpoint as an answer that is read from the disk while it is sent.
 * @throws HttpProblem 404
 */
export async function sendCheckpoint(run: NamedRun, which: CheckpointName): Promise<Response> {
  const file = await fileOf(run, runFiles[which])
  if (file === undefined)
    throw new HttpProblem(404, 'not-found', `the run has no ${runFiles[which]}`, 'It may not have been written yet.')
  const { size } = await stat(file)
  const name = `${basename(run.path)}-${which}.safetensors`.replaceAll(/[^\w.-]/g, '_')
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(size),
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-cache',
    },
  })
}
