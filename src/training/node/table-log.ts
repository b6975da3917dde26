import { appendFile } from 'node:fs/promises'
import { epochTable, epochTableRow } from '../../runs/epoch-table.js'
import type { EpochLine, EpochTiming } from '../../runs/lines.js'
import type { RunHistory } from '../../runs/node/read-history.js'
import { writeAtomically } from '../../runs/node/write-atomically.js'
import type { EvaluationPart } from '../../runs/progress.js'
import { BackgroundWrites } from './background-writes.js'
import type { RunLog } from './run-log.js'

/** Keeps a table of the epochs as CSV: for spreadsheets, and for who reads Keras' CSVLogger. */
export class TableLog implements RunLog {
  private readonly writes: BackgroundWrites

  /**
   * @param history What the run has told so far: the file is made anew of it, so that no epoch is there twice.
   * @param part What is evaluated after each epoch.
   */
  constructor(
    private readonly file: string,
    history: RunHistory,
    part: EvaluationPart,
    onWarning: (message: string) => void,
  ) {
    this.writes = new BackgroundWrites((reason) => onWarning(`${file} is not written any more: ${reason}`))
    this.writes.add(() => writeAtomically(file, [epochTable(history, part)]))
  }

  onSteps(): void {}

  onEpoch(line: EpochLine, timing: EpochTiming): void {
    this.writes.add(() => appendFile(this.file, `${epochTableRow(line, timing)}\n`))
  }

  close(): Promise<void> {
    return this.writes.done()
  }
}
