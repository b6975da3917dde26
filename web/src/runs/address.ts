import { route } from '../shell/router.ts'

/** The runs that the address names: `#/runs/a,b`. A reload shows the same. */
export function chosenNames(): string[] {
  return route.value.rest ? route.value.rest.split(',').map(decodeURIComponent) : []
}

/** The rest of an address that names these runs. */
export function runsAddress(names: readonly string[]): string {
  return names.map(encodeURIComponent).join(',')
}
