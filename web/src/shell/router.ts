import { signal } from '@preact/signals'

/** The views of the page, in the order of the navigation. */
export const views = ['train', 'try', 'look', 'paper', 'runs'] as const
export type View = (typeof views)[number]

/** Where the reader is: a view, and a place within it (`#/paper/dropout`). The hash alone: a static server needs no rules. */
export interface Route {
  readonly view: View
  readonly rest: string
}

export function parseRoute(hash: string, fallback: View = 'train'): Route {
  const [name, ...rest] = hash.replace(/^#\/?/, '').split('/')
  const view = views.find((candidate) => candidate === name) ?? fallback
  return { view, rest: rest.map(decodeURIComponent).join('/') }
}

export const route = signal<Route>(parseRoute(location.hash))

/** Starts to follow the address. `fallback` is shown where it names no view. */
export function followAddress(fallback: View): void {
  const follow = () => {
    const next = parseRoute(location.hash, fallback)
    if (next.view !== route.value.view || next.rest !== route.value.rest) route.value = next
  }
  follow()
  addEventListener('hashchange', follow)
}

export function linkTo(view: View, rest = ''): string {
  return `#/${view}${rest ? `/${rest.split('/').map(encodeURIComponent).join('/')}` : ''}`
}
