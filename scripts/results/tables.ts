import { fileURLToPath } from 'node:url'
import { count, duration } from '../../src/format-numbers.js'
import type { Experiment } from './experiments.js'
import type { Result } from './result.js'

/** The tables of each file, by the name that the file marks their place with. */
export function tablesOf(experiments: readonly Experiment[], results: readonly Result[]) {
  const measured = experiments.flatMap((experiment) => {
    const own = results.filter(({ id }) => id === experiment.id)
    return own.length > 0 ? [{ experiment, results: own }] : []
  })
  const of = (table: Experiment['table']) => measured.filter(({ experiment }) => experiment.table === table)
  const page = {
    cifar10: fullTable(of('cifar10')),
    ingredients: ingredientsTable(of('ingredients')),
  }
  return { [file('docs/results.md')]: page }
}

/** A text with the tables in the places that it marks: `<!-- table NAME -->` … `<!-- end -->`. */
export function withTable(text: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((current, [name, table]) => {
    const [begin, end] = [`<!-- table ${name} -->`, '<!-- end -->']
    const from = current.indexOf(begin)
    const to = current.indexOf(end, from)
    if (from < 0 || to < 0) throw new Error(`there is no place for the table ${name}: expected ${begin} and ${end}`)
    return `${current.slice(0, from + begin.length)}\n${table}\n${current.slice(to)}`
  }, text)
}

interface Measured {
  readonly experiment: Experiment
  readonly results: readonly Result[]
}

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

function fullTable(measured: readonly Measured[]): string {
  const lines = measured.flatMap(({ experiment: { about, train, wanted, evaluate }, results }) =>
    evaluate.map((options, i) => [
      i === 0 ? `\`npx alexnet train ${train}\`` : `\`evaluate ${options}\``,
      i === 0 ? about : '',
      accuracy(results, i),
      i === 0 && wanted !== undefined ? `${wanted} %` : '',
      i === 0 ? computedBy(results) : '',
      ...(i === 0 ? workOf(results) : ['', '', '']),
    ]),
  )
  const head = ['command', 'what it is', 'test accuracy', 'wanted', 'computed by', 'epochs', 'time', 'images/s']
  return markdown(head, lines)
}

/** Each ingredient against the first line, which has them all. */
function ingredientsTable(measured: readonly Measured[]): string {
  const whole = measured[0] && mean(accuracies(measured[0].results, 0))
  const lines = measured.map(({ experiment: { about, train }, results }, i) => {
    const own = mean(accuracies(results, 0))
    return [about, `\`${train}\``, accuracy(results, 0), i === 0 ? '' : signed(100 * (own - whole))]
  })
  return markdown(['ingredients', 'arguments of `alexnet train`', 'test accuracy', 'difference in points'], lines)
}

const accuracies = (results: readonly Result[], view: number) => results.map(({ views }) => views[view].top1)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** `90.31 %`, or of several seeds the mean, the deviation of one, and how many: `90.31 ± 0.12 % (3 seeds)`. */
function accuracy(results: readonly Result[], view: number): string {
  const values = accuracies(results, view).map((value) => 100 * value)
  const middle = mean(values)
  if (values.length === 1) return `${middle.toFixed(2)} %`
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1)
  return `${middle.toFixed(2)} ± ${Math.sqrt(variance).toFixed(2)} % (${values.length} seeds)`
}

function signed(points: number): string {
  return `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}`
}

function computedBy(results: readonly Result[]): string {
  const told = results.map(({ engine, precision, threads, processor, instructions }) =>
    [
      `\`${engine}\`${precision === 'float32' ? '' : `, ${precision}`}`,
      `${threads === 1 ? 'one thread' : `${threads} threads`} of an ${processor}`,
      ...(instructions === undefined ? [] : [`held to ${instructions}`]),
    ].join(', '),
  )
  return [...new Set(told)].join('; ')
}

function workOf(results: readonly Result[]): string[] {
  return [
    String(results[0].epochs),
    duration(mean(results.map(({ seconds }) => seconds))),
    count(mean(results.map(({ imagesPerSecond }) => imagesPerSecond))),
  ]
}

function markdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return ['', line(head), line(head.map(() => '---')), ...lines.map(line), ''].join('\n')
}
