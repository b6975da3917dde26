import type { ParameterStatistics } from 'alexnet/api'
import { decimal } from '../ui/numbers.ts'

/** A step that changes weights by about a thousandth of their size is the common rule of thumb. */
const HEALTHY = { low: 1e-4, high: 1e-2 }

/** Per layer what cuda-convnet printed: sizes of weights and of their changes. */
export function LayerStatistics({ parameters, epoch }: { parameters: readonly ParameterStatistics[]; epoch: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Weights and their changes">
      <table>
        <caption class="small soft">Weights after epoch {epoch}, and how much the last step changed them</caption>
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col" class="number">
              mean |w|
            </th>
            <th scope="col" class="number">
              mean |Δw|
            </th>
            <th scope="col" class="number">
              ratio
            </th>
          </tr>
        </thead>
        <tbody>
          {parameters.map(({ name, weight, change, ratio }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td class="number">{decimal(weight)}</td>
              <td class="number">{change === null ? '–' : decimal(change)}</td>
              <td class={ratio !== null && (ratio < HEALTHY.low || ratio > HEALTHY.high) ? 'number warm' : 'number'}>
                {ratio === null ? '–' : decimal(ratio)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
