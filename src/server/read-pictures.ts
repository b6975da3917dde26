import { messageOf } from '../errors.js'
import { formFiles } from './form-files.js'
import type { Limits } from './limits.js'
import { HttpProblem } from './problem.js'

/** A picture file as it came. */
export interface SentPicture {
  /** The name that a multipart body gives; null for a raw body. */
  readonly name: string | null
  readonly bytes: Uint8Array
}

/**
 * Reads the pictures of a request: a raw body, or the files of multipart/form-data.
 * @throws HttpProblem 400, 413 or 415.
 */
export async function readPictures(request: Request, limits: Limits): Promise<SentPicture[]> {
  const type = (request.headers.get('content-type') ?? 'application/octet-stream').trim().toLowerCase()
  const isMultipart = /^multipart\/form-data\s*(;|$)/.test(type)
  if (!isMultipart && !/^(image\/[\w.+-]+|application\/octet-stream)\s*(;|$)/.test(type))
    throw new HttpProblem(
      415,
      'unsupported-media-type',
      `the body is ${quoted(type)}, expected a picture (image/…, application/octet-stream) or multipart/form-data`,
      "Say what it is: curl --data-binary @cat.jpg -H 'Content-Type: image/jpeg', or curl -F image=@cat.jpg.",
    )
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (encoding.trim().toLowerCase() !== 'identity')
    throw new HttpProblem(
      415,
      'unsupported-media-type',
      `the body is encoded as ${quoted(encoding)}, expected none`,
      'Send the picture as it is: its format is compressed already.',
    )
  const body = await readBody(request, limits.bodyBytes)
  if (body.length === 0)
    throw new HttpProblem(400, 'invalid-image', 'the body is empty, expected a picture', 'Send a picture as the body.')
  return isMultipart ? readForm(body, request.headers.get('content-type')!, limits) : [{ name: null, bytes: body }]
}

async function readBody(request: Request, most: number): Promise<Uint8Array> {
  const length = request.headers.get('content-length')
  if (length !== null && Number(length) > most) throw tooLarge(most)
  try {
    // No more comes than the header says.
    if (length !== null) return new Uint8Array(await request.arrayBuffer())
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of request.body ?? []) {
      size += part.length
      if (size > most) throw tooLarge(most)
      parts.push(part)
    }
    return Buffer.concat(parts)
  } catch (error) {
    if (error instanceof HttpProblem) throw error
    throw new HttpProblem(400, 'bad-request', `the body cannot be read: ${messageOf(error)}`)
  }
}

async function readForm(body: Uint8Array, contentType: string, { pictures: most }: Limits): Promise<SentPicture[]> {
  const files = await formFiles(body, contentType, most + 1).catch((error: unknown) => {
    throw new HttpProblem(
      400,
      'bad-request',
      `the body is not the multipart/form-data that it says: ${messageOf(error)}`,
      'Let a library or curl -F write it, boundary included.',
    )
  })
  if (files.length === 0)
    throw new HttpProblem(
      400,
      'invalid-image',
      'the form holds no file, expected one picture or several',
      'Send them as files: curl -F image=@cat.jpg -F image=@dog.jpg.',
    )
  if (files.length > most)
    throw new HttpProblem(
      413,
      'too-large',
      `the form holds more than ${most} pictures`,
      'Send them in several requests.',
    )
  return files
}

function tooLarge(most: number): HttpProblem {
  return new HttpProblem(
    413,
    'too-large',
    `the body has more than ${most} bytes`,
    'Send fewer or smaller pictures: the network sees them small in any case.',
  )
}

/** Anything from the client, fit for one line of a message. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text)
}
