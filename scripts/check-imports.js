// Imports of src go down the list of layers, in no circle: `npm run lint:imports`.
import { fileURLToPath } from 'node:url'
import { checkImports } from './imports/check-imports.js'

const { imports, broken, message } = await checkImports(fileURLToPath(new URL('..', import.meta.url)))
if (broken.length > 0) process.stderr.write(message)
else console.log(`${imports} imports in order.`)
process.exitCode = broken.length > 0 ? 1 : 0
