import { type ChildProcess, spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the page is, if nobody else is there. */
const PORT = 8090

/**
 * The page beside a training, in a process of its own: it reads the run's files, so it can neither slow the training down
 * nor end it.
 */
export class TrainPage {
  private child: ChildProcess | undefined
  private isClosed = false

  /** @param say Tells where the page is, or why there is none. */
  constructor(private readonly say: (line: string) => void) {}

  /** Shows a run, and those beside it. */
  open(run: string): void {
    this.start(dirname(run), PORT)
  }

  close(): void {
    this.isClosed = true
    if (this.child?.connected) this.child.disconnect()
  }

  private start(runs: string, port: number): void {
    const main = fileURLToPath(new URL('../../main.js', import.meta.url))
    const child = spawn(process.execPath, [main, 'ui', runs, '--port', String(port)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.child = child
    let output = ''
    const listen = (text: string) => {
      output += text
      const [, url] = /Page at (\S+)\n/.exec(output) ?? []
      if (!url) return
      child.stdout?.off('data', listen)
      this.say(`Page at ${url}. The training does not need it.`)
    }
    child.stdout?.setEncoding('utf8').on('data', listen)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-2000)
    })
    child.on('spawn', () => giveWay(child))
    child.on('error', (error) => this.ended(error.message))
    child.on('exit', () => {
      if (port !== 0 && output.includes(`uses port ${port}`)) this.start(runs, 0)
      else this.ended(/alexnet: (.*)/.exec(output)?.[1] ?? 'it ended')
    })
    // Neither the process nor its channels keep the training's process alive.
    child.unref()
    child.channel?.unref()
    for (const stream of [child.stdout, child.stderr]) (stream as { unref?(): void } | null)?.unref?.()
  }

  private ended(reason: string): void {
    if (!this.isClosed) this.say(`The page has gone (${reason}); the training goes on.`)
  }
}

/** The training comes first. */
function giveWay({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // Where that is not allowed, the page is as important as the training.
  }
}
