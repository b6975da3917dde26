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

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Starts `alexnet` with these arguments, as built, in a process of its own: where a process is what is tested. */
export function start(args: readonly string[], options: CommandOptions = {}): Started {
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

/** Runs `alexnet` with these arguments, as built, to its end: in this process, one command after the other. */
export function alexnet(...args: string[]): Promise<Finished> {
  return alexnetIn({}, ...args)
}

/** As `alexnet`, in another folder or with another environment. */
export function alexnetIn({ cwd, env }: CommandOptions, ...args: string[]): Promise<Finished> {
  const turn = lastTurn.then(async () => {
    const [folder, environment] = [process.cwd(), { ...process.env }]
    try {
      if (cwd !== undefined) process.chdir(cwd)
      Object.assign(process.env, env)
      return await runHere(args)
    } finally {
      process.chdir(folder)
      for (const name of Object.keys(env ?? {}))
        if (environment[name] === undefined) delete process.env[name]
        else process.env[name] = environment[name]
    }
  })
  lastTurn = turn.catch(() => undefined)
  return turn
}

/** Commands share the output, the folder and the exit code of this process: each waits for the one before. */
let lastTurn: Promise<unknown> = Promise.resolve()

async function runHere(args: readonly string[]): Promise<Finished> {
  // Decided when the modules are loaded.
  process.env.NO_COLOR = '1'
  const { runCommandLine } = await import('../../dist/cli/run-command-line.js')
  const [stdout, stderr] = [process.stdout, process.stderr].map(listenTo)
  const exitCode = process.exitCode
  process.exitCode = undefined
  try {
    await runCommandLine(args)
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    process.exitCode = exitCode
    for (const stream of [stdout, stderr]) stream.restore()
  }
}

/** Takes what is written to a stream, until it is restored. */
function listenTo(stream: NodeJS.WriteStream) {
  const { write } = stream
  let text = ''
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    const done = rest.find((value) => typeof value === 'function') as (() => void) | undefined
    if (done) queueMicrotask(done)
    return true
  }) as typeof stream.write
  return {
    text: () => text,
    restore: () => {
      stream.write = write
    },
  }
}
