import { Command } from 'commander'
import { jsonOption } from '../../options.js'
import type { DoctorFlags } from './run.js'

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Shows which engines can run here, the graphics adapter, the threads, the data sets that are there, and what would help.',
    )
    .addOption(jsonOption())
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import('./run.js')
      await runDoctor(flags)
    })
}
