import pc from 'picocolors'
import { machineLine } from '../../machine-line.js'
import { result } from '../../output.js'
import { examine } from './examine.js'

export interface DoctorFlags {
  readonly json?: true
}

/** `alexnet doctor`: what is there, for people or for programs. */
export async function runDoctor({ json }: DoctorFlags): Promise<void> {
  const findings = await examine()
  if (json) {
    result(JSON.stringify(findings))
    return
  }
  const { machine, engines, graphics, datasets, advice } = findings
  const mark = (good: boolean) => (good ? pc.green('✓') : pc.red('✗'))
  const lines = [
    `${pc.bold('machine')}   ${machineLine(machine)}`,
    pc.bold('engines'),
    ...engines.map(
      ({ name, about, found, problem }) => `  ${mark(!problem)} ${name.padEnd(10)} ${about}: ${problem ?? found}`,
    ),
    pc.bold('graphics'),
    `  ${mark(!graphics.problem)} ${'webgpu'.padEnd(10)} ${graphics.about}: ${graphics.problem ?? graphics.found}`,
    ...(graphics.hint ? [`    ${graphics.hint}`] : []),
    pc.bold('data sets'),
    ...datasets.map(({ name, found, place }) => `  ${mark(found)} ${name.padEnd(10)} ${place}`),
    pc.bold('advice'),
    ...(advice.length > 0 ? advice.map((line) => `  ${line}`) : ['  nothing: this machine is ready']),
  ]
  result(lines.join('\n'))
}
