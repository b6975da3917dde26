import { spawn } from 'node:child_process'

export interface ProcessOptions {
  /** What it reads from its standard input. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** It is killed after so many seconds. */
  readonly timeoutSeconds?: number
  /** It is killed when this is aborted. */
  readonly signal?: AbortSignal
}

export interface FinishedProcess {
  readonly stdout: string
  readonly stderr: string
  /** `exit code 1`, or the signal that ended it. */
  readonly ending: string
  readonly timedOut: boolean
}

/**
 * Runs a program to its end.
 * @throws The system's error when it cannot be started, an AbortError when it was aborted.
 */
export function runProcess(
  command: string,
  args: readonly string[],
  { input = '', env, timeoutSeconds, signal }: ProcessOptions = {},
): Promise<FinishedProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, signal, killSignal: 'SIGKILL' })
    let timedOut = false
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            child.kill('SIGKILL')
          }, 1000 * timeoutSeconds)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.stdin.on('error', () => undefined) // It may end without reading everything.
    child.stdin.end(input)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, ended) => {
      clearTimeout(timer)
      resolve({ stdout, stderr, ending: ended ?? `exit code ${code}`, timedOut })
    })
  })
}
