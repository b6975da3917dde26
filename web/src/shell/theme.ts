import { computed, effect, signal } from '@preact/signals'

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]

const STORED = 'alexnet-theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = signal(system.matches)
system.addEventListener('change', () => {
  systemIsDark.value = system.matches
})

export const themeChoice = signal<ThemeChoice>(stored())

/** What is shown: the choice, or what the system prefers. */
export const theme = computed(() =>
  themeChoice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : themeChoice.value,
)

/** Keeps the document and the browser's storage in step with the choice. */
export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value
    try {
      localStorage.setItem(STORED, themeChoice.value)
    } catch {
      // Storage may be forbidden: the choice then lasts as long as the page.
    }
  })
}

function stored(): ThemeChoice {
  try {
    return themeChoices.find((choice) => choice === localStorage.getItem(STORED)) ?? 'system'
  } catch {
    return 'system'
  }
}

/** A colour of the design as it is now, for what draws on a canvas. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}
