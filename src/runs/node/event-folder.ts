import { appendFile, mkdir, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeEvent, encodeEvent, type SummaryValue, type TensorBoardEvent } from '../../formats/tensorboard/event.js'
import { encodeRecord, readRecords } from '../../formats/tensorboard/records.js'
import type { Progress } from '../progress.js'
import { EPOCH_TAG } from '../run-scalars.js'

/** TensorBoard reads files with `tfevents` in their names, in the order of the names. */
const eventFile = /^events\.out\.tfevents\.(\d{10})\.alexnet$/

/** The event files that a run has written into a folder, in their order. */
export async function eventFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => eventFile.test(name)).sort()
}

/** How far the events in a folder tell of a run. */
export interface ToldSoFar {
  readonly step: number
  readonly epoch: number
}

/**
 * A folder of event files in which a run goes on. Its files are cut to what the run's checkpoint knows, so that no step is
 * there twice; what comes is written into a new file, which TensorBoard looks for, also while it runs. That file begins
 * with the word that later steps are void: a TensorBoard that has read them forgets them.
 */
export class EventFolder {
  private isBegun = false

  private constructor(
    private readonly file: string,
    /** From which step on earlier files may have told what is void; undefined: there were none. */
    private readonly voidFrom: number | undefined,
    /** Of the last event: times do not go back. */
    private wallTime: number,
    readonly told: ToldSoFar,
  ) {}

  /** @param progress The checkpoint that the run goes on from. */
  static async open(folder: string, { epoch, step }: Pick<Progress, 'epoch' | 'step'>): Promise<EventFolder> {
    await mkdir(folder, { recursive: true })
    let told: ToldSoFar & { readonly wallTime: number } = { step: 0, epoch: 0, wallTime: 0 }
    const files = await eventFilesIn(folder)
    for (const file of files) told = { ...told, ...(await cutAfter(join(folder, file), { epoch, step })) }
    const newest = Number(eventFile.exec(files.at(-1) ?? '')?.[1] ?? 0)
    const seconds = Math.max(Math.floor(Date.now() / 1000), newest + 1)
    const voidFrom = files.length > 0 ? step + 1 : undefined
    return new EventFolder(join(folder, `events.out.tfevents.${seconds}.alexnet`), voidFrom, told.wallTime, told)
  }

  /**
   * Writes what belongs to a step, at once.
   * @param at Milliseconds since 1970.
   */
  async append(step: number, values: readonly SummaryValue[], at = Date.now()): Promise<void> {
    if (values.length === 0) return
    this.wallTime = Math.max(this.wallTime, at / 1000)
    const events: Omit<TensorBoardEvent, 'wallTime'>[] = [{ step, content: values }]
    if (!this.isBegun) {
      if (this.voidFrom !== undefined) events.unshift({ step: this.voidFrom, content: 'start' })
      events.unshift({ step: 0, content: 'version' })
    }
    const { wallTime } = this
    await appendFile(this.file, Buffer.concat(events.map((event) => encodeRecord(encodeEvent({ wallTime, ...event })))))
    this.isBegun = true
  }
}

/**
 * Cuts a file before the first event that a checkpoint does not know, or that a crash has left half written. In place: a
 * TensorBoard that reads it has it open.
 */
async function cutAfter(
  file: string,
  { epoch, step }: ToldSoFar,
): Promise<Partial<ToldSoFar & { readonly wallTime: number }>> {
  const bytes = await readFile(file)
  let told: Partial<ToldSoFar & { readonly wallTime: number }> = {}
  let [end, events] = [0, 0]
  for (const record of readRecords(bytes)) {
    const event = decodeEvent(record.content)
    const complete = event.scalars[EPOCH_TAG]
    if (event.step > step || (complete ?? 0) > epoch) break
    end = record.end
    events++
    const { wallTime } = event
    const isOfStep = Object.keys(event.scalars).length > 0
    told = {
      ...told,
      wallTime,
      ...(isOfStep && { step: event.step }),
      ...(complete !== undefined && { epoch: complete }),
    }
  }
  // The first event is the file's version, and says nothing.
  if (step === 0 || events <= 1) await rm(file)
  else if (end < bytes.length) await truncate(file, end)
  return step === 0 || events <= 1 ? {} : told
}
