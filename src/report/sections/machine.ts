import { runtimeLine } from '../../engines/runtime-line.js'
import { count, duration } from '../../format-numbers.js'
import type { StartLine } from '../../runs/lines.js'
import type { ReportContent } from '../content.js'
import { html, type Markup } from '../markup.js'

/** A run may have been stopped and started often. */
const MOST_SESSIONS = 20

/** What has computed it, and how long that took. */
export function machine({ work, history }: ReportContent): Markup {
  const { sessions, seconds, ended } = work
  const last = history.epochs.at(-1)
  const speed = last && seconds > 0 ? (last.images * history.epochs.length) / seconds : undefined
  return html`
<dl class="list">
${seconds > 0 && html`<dt>Training</dt><dd>${duration(seconds)} for the steps of ${count(history.epochs.length)} epochs${speed && `, ${count(speed)} images/s`}</dd>`}
${ended && html`<dt>Ended</dt><dd><time datetime="${ended}">${ended.slice(0, 16).replace('T', ' ')} UTC</time></dd>`}
${distinct(sessions).slice(-MOST_SESSIONS).map(session)}</dl>
${sessions.length === 0 && html`<p class="soft">Which machine and engine computed it was not recorded.</p>`}`
}

function session({ engine, precision, threads, machine, epoch }: StartLine): Markup {
  return html`<dt>${epoch === 0 ? 'Engine' : `Engine from epoch ${epoch + 1}`}</dt><dd>${engine}, ${precision}, ${threads} ${threads === 1 ? 'thread' : 'threads'}</dd>
<dt>Machine</dt><dd>${machine.processor}, ${machine.memoryGiB} GiB; ${machine.system}; ${runtimeLine(machine)}</dd>\n`
}

/** Without those that went on as the one before. */
function distinct(sessions: readonly StartLine[]): StartLine[] {
  const key = ({ engine, precision, threads, machine }: StartLine) =>
    JSON.stringify([engine, precision, threads, machine])
  return sessions.filter((own, i) => i === 0 || key(own) !== key(sessions[i - 1]))
}
