import { percent } from './numbers.ts'

export interface Bar {
  readonly label: string
  /** 0 to 1. */
  readonly share: number
  /** Marks the true class, or a wrong answer. */
  readonly mark?: 'right' | 'wrong'
}

/** Probabilities, one a line. */
export function Bars({ bars, label }: { bars: readonly Bar[]; label: string }) {
  return (
    <ul class="bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.label} class={bar.mark}>
          <span>{bar.label}</span>
          <span class="track" aria-hidden="true">
            <span class="fill" style={{ width: `${100 * bar.share}%` }} />
          </span>
          <span class="value">{percent(bar.share)}</span>
        </li>
      ))}
    </ul>
  )
}
