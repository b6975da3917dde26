import * as z from 'zod'
import { recipeSchema } from './recipe.js'

const { model, data, training } = recipeSchema.shape

/** What a list of runs needs of a recipe, of whatever version of the program; the rest is kept as it stands. */
export const recipeOutlineSchema = z.looseObject({
  model: z.looseObject({ name: model.shape.name }),
  data: z.looseObject({ name: data.shape.name }),
  training: z.looseObject({ epochs: training.shape.epochs }),
})

export type RecipeOutline = Readonly<z.infer<typeof recipeOutlineSchema>>
