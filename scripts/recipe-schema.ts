/**
 * Writes the JSON schema of recipes, by which editors complete and check them: `npm run recipe-schema`. It is made of the
 * schema that the program itself reads recipes by.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { datasetCatalogue } from '../src/data/dataset-catalogue.js'
import { modelNames } from '../src/models/catalogue.js'
import { layerSchema } from '../src/models/layers/index.js'
import { recipeSchema } from '../src/runs/recipe.js'

export const recipeSchemaFile = fileURLToPath(new URL('../recipes/recipe.schema.json', import.meta.url))

/** Names that editors propose; others are no error to them. */
const examples: Readonly<Record<string, readonly string[]>> = {
  'properties.model.properties.name': modelNames,
  'properties.data.properties.name': datasetCatalogue.map(({ name }) => name),
}

/** The text of the file. */
export function recipeJsonSchema(): string {
  // What has a name is written once, whatever lists of layers there are.
  layerSchema.register(z.globalRegistry, { id: 'layer' })
  const { $schema, ...schema } = z.toJSONSchema(recipeSchema, {
    target: 'draft-7', // what editors know best
    io: 'input', // a key with a default may be left out
    override({ jsonSchema, path }) {
      // The bounds of whole numbers say nothing to a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      const names = examples[path.join('.')]
      if (names) jsonSchema.examples = [...names]
    },
  })
  z.globalRegistry.remove(layerSchema)
  return `${JSON.stringify({ $schema, title: 'A recipe of alexnet', ...schema }, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(recipeSchemaFile, recipeJsonSchema())
