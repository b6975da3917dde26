import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProfileFile } from '../onnx/session-profiler.js'

/** A profile in a temporary folder of its own: only ONNX Runtime knows the whole name that it will give to the file. */
export async function temporaryProfileFile(): Promise<ProfileFile> {
  const folder = await mkdtemp(join(tmpdir(), 'alexnet-profile-'))
  return {
    prefix: join(folder, 'profile'),
    async take() {
      const [name] = await readdir(folder)
      const text = await readFile(join(folder, name), 'utf8')
      await rm(folder, { recursive: true })
      return text
    },
  }
}
