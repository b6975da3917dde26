import { themeChoice, themeChoices } from './theme.ts'

const names = { system: 'System', light: 'Light', dark: 'Dark' } as const

/** System, light or dark. A plain select: one tab stop, and every screen reader knows it. */
export function ThemeSwitch() {
  return (
    <label class="theme-switch">
      <span class="for-screen-readers">Colours</span>
      <select
        value={themeChoice.value}
        onChange={(event) => {
          const chosen = themeChoices.find((choice) => choice === event.currentTarget.value)
          if (chosen) themeChoice.value = chosen
        }}
      >
        {themeChoices.map((choice) => (
          <option key={choice} value={choice}>
            {names[choice]}
          </option>
        ))}
      </select>
    </label>
  )
}
