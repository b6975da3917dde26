import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a finished command left. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly child: ChildProcess
  readonly finished: Promise<Finished>
  /** Resolves when the output has shown the text. */
  shown(text: string): Promise<void>
  /** Resolves with the port of a server, when it listens. */
  listening(): Promise<number>
}

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Starts `alexnet` with these arguments, as built. */
export function start(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Started {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    changed()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    changed()
  })
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stdout, stderr })
      changed()
    })
  })
  const shown = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if ((stdout + stderr).includes(text)) resolve()
        else if (child.exitCode !== null || child.signalCode !== null)
          reject(new Error(`ended without showing '${text}':\n${stdout}${stderr}`))
        else return
        listeners.delete(check)
      }
      listeners.add(check)
      check()
    })
  const listening = async () => {
    await shown('http://127.0.0.1:')
    return Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(stdout)![1])
  }
  return { child, finished, shown, listening }
}

/** Runs `alexnet` with these arguments to its end. */
export function alexnet(...args: string[]): Promise<Finished> {
  return start(args).finished
}
