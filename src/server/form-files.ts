import { buffer } from 'node:stream/consumers'
import { Busboy } from '@fastify/busboy'

/** A file of a form. */
export interface FormFile {
  /** Null where the form gives none. */
  readonly name: string | null
  readonly bytes: Uint8Array
}

/** Fields that are no files are passed over; nobody sends more. */
const MOST_FIELDS = 100

/**
 * Takes multipart/form-data apart as clients really write it: names with and without quotes, `filename*=`, with something
 * before and behind the parts. A part is a file if it has a file's name, or the type of a picture.
 *
 * @param most Files beyond so many are passed over.
 * @throws Error What is wrong with the body.
 */
export function formFiles(body: Uint8Array, contentType: string, most: number): Promise<FormFile[]> {
  return new Promise((resolve, reject) => {
    const files: Promise<FormFile>[] = []
    const form = new Busboy({
      headers: { 'content-type': contentType },
      limits: { files: most, fields: MOST_FIELDS },
      isPartAFile: (_field, type, name) =>
        name !== undefined || /^(image\/|application\/octet-stream)/i.test(type ?? ''),
    })
    form.on('file', (_field, stream, name) => {
      const file = buffer(stream).then((bytes) => ({ name: plainName(name), bytes }))
      // Of a form that ends too early its own error tells.
      file.catch(() => {})
      files.push(file)
    })
    form.on('error', reject)
    form.on('finish', () => resolve(Promise.all(files)))
    form.end(body)
  })
}

/** Browsers write quotes and line breaks of a name so. */
function plainName(name: string | undefined): string | null {
  return name?.replace(/%(22|0A|0D)/gi, decodeURIComponent) ?? null
}
