import type { Plugin } from 'vite'
import { parse } from 'yaml'

/** An imported `.yaml` file is what it says, read while the page is built: the page needs no parser of YAML. */
export function recipesAsData(): Plugin {
  return {
    name: 'recipes-as-data',
    transform(code, file) {
      if (!file.endsWith('.yaml')) return undefined
      return { code: `export default ${JSON.stringify(parse(code))}`, map: null }
    },
  }
}
