import { useId } from 'preact/hooks'

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly disabled?: boolean
  readonly onChange: (value: Value) => void
}

/** A few alternatives side by side: radio buttons that look like one control. */
export function Choice<Value extends string>({ label, value, options, disabled, onChange }: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset class="field" disabled={disabled}>
      <legend>{label}</legend>
      <div class="choice">
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
