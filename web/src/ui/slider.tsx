import { useId } from 'preact/hooks'

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step?: number
  /** `log`: equal ways of the handle multiply the value by the same factor. */
  readonly scale?: 'linear' | 'log'
  readonly format?: (value: number) => string
  readonly disabled?: boolean
  readonly onChange: (value: number) => void
}

/** Steps of the handle on a logarithmic scale. */
const LOG_STEPS = 100

/** A labelled slider that shows its value. */
export function Slider({
  label,
  value,
  min,
  max,
  step,
  scale = 'linear',
  format = short,
  disabled,
  onChange,
}: SliderProps) {
  const id = useId()
  const log = scale === 'log'
  const place = log ? (LOG_STEPS * Math.log(value / min)) / Math.log(max / min) : value
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
        <output for={id}>{format(value)}</output>
      </div>
      <input
        id={id}
        type="range"
        min={log ? 0 : min}
        max={log ? LOG_STEPS : max}
        step={log ? 1 : (step ?? 'any')}
        value={place}
        disabled={disabled}
        aria-valuetext={format(value)}
        onInput={(event) => {
          const at = event.currentTarget.valueAsNumber
          onChange(log ? Number((min * (max / min) ** (at / LOG_STEPS)).toPrecision(3)) : at)
        }}
      />
    </div>
  )
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Three significant digits; very small and very large numbers with a power of ten. */
export function short(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e6) return String(Number(value.toPrecision(3)))
  const [digits, exponent] = value.toExponential(1).split('e')
  const power = exponent
    .replace('+', '')
    .replace('-', '⁻')
    .replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])
  return digits === '1.0' ? `10${power}` : `${digits}×10${power}`
}
