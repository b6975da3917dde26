import { readFile, rm, writeFile } from 'node:fs/promises'

/**
 * Claims something for this process among others on the machine, by a lock file. The claim of a process that has died is
 * taken over.
 *
 * @returns What gives the claim up again; undefined when another process that is alive holds it.
 * @throws What the file system throws, other than that the lock exists.
 */
export async function claim(lockFile: string): Promise<(() => Promise<void>) | undefined> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(lockFile, String(process.pid), { flag: 'wx' })
      return async () => {
        await rm(lockFile, { force: true })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = Number.parseInt(await readFile(lockFile, 'utf8').catch(() => ''), 10)
    if (Number.isNaN(holder) || isAlive(holder)) return undefined
    await rm(lockFile, { force: true })
  }
  return undefined
}

/** Whether a process that is alive holds the claim. */
export async function isClaimed(lockFile: string): Promise<boolean> {
  const holder = Number.parseInt(await readFile(lockFile, 'utf8').catch(() => ''), 10)
  return !Number.isNaN(holder) && isAlive(holder)
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 is not sent: it only asks whether it could be.
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
