import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { fileOf, type NamedRun } from './run-folders.js'

/**
 * A checkpoint as an answer that is read from the disk while it is sent.
 * @throws HttpProblem 404
 */
export async function sendCheckpoint(run: NamedRun, which: 'best' | 'last'): Promise<Response> {
  const file = await fileOf(run, `${which}.safetensors`)
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
