import { LAST, runsIn } from '../runs/node/last-run.js'
import { ZOO, type ZooName } from '../runs/zoo-names.js'
import { commandName } from './command-name.js'

/** Which network answers where no run is named, and that it knows few things. */
export function zooLine(name: ZooName, classes: readonly string[]): string {
  const own = runsIn('runs').length > 0 ? `\`${LAST}\` is your newest run` : `your own: ${commandName} train ./pictures`
  return `No RUN is given, so ${ZOO}${name} answers. It knows ${classes.length} things and takes all else for one of them: ${classes.join(', ')} (${own})`
}
