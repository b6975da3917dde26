import { parse as parseYaml, stringify as stringifyYaml } from 'yaml'
import * as z from 'zod'
import { transformSettingsSchema } from '../data/transforms/transform.js'
import { AlexNetError, messageOf } from '../errors.js'
import { modelOptionsSchema } from '../models/options.js'
import { type Optimizer, optimizerSchemaWith } from '../optimizers/index.js'
import { didYouMean } from '../suggest.js'
import { scheduleSchema } from './schedule.js'

/**
 * A training run as a file: model, data, learning rule, schedule, and the result that it claims. Everything but the
 * machine: which engine, how many threads, where the pictures lie.
 */
export const recipeSchema = z.strictObject({
  /** What it reaches, and how long that takes: a claim that anyone can check by running it. */
  claim: z.string().optional(),
  model: modelOptionsSchema.extend({ name: z.string() }),
  /** A file whose parameters training starts from; the last layer is replaced where the classes are others. */
  weights: z.string().optional(),
  data: z.strictObject({
    /** `shapes`, `cifar10`, or `pictures`: one's own. */
    name: z.string(),
    /** The shorter side to which pictures are resized, in pixels; default: as they are. */
    size: z.number().int().positive().optional(),
    /** Subtract the mean colour and divide by the deviation (`channel`), or subtract the mean picture (`pixel`). */
    normalisation: z.enum(['channel', 'pixel']).default('channel'),
    augmentation: z.array(transformSettingsSchema).default([]),
    /**
     * Pictures held out of the training part, by which the schedule and the best checkpoint are chosen: how many, or
     * below 1 which share. One's own pictures with a part for it need none.
     */
    validation: z
      .number()
      .min(0)
      .refine((value) => value < 1 || Number.isInteger(value), 'expected a share below 1 or a whole number')
      .default(0),
  }),
  training: z.strictObject({
    epochs: z.number().int().positive(),
    batchSize: z.number().int().positive().default(128),
    seed: z.number().int().default(1),
  }),
  optimizer: optimizerSchemaWith({
    /** The learning rate ε at the start. */
    rate: z.number().positive(),
    /** Multipliers of the rate by the names of parameters, for fine-tuning: 0 freezes. */
    multipliers: z.record(z.string().min(1), z.number().nonnegative()).optional(),
  }),
  schedule: scheduleSchema.default({ kind: 'constant' }),
})

export type Recipe = z.infer<typeof recipeSchema>

/** The settings of a recipe's optimizer, without what the run makes of them: the rate and its multipliers. */
export function optimizerIn({ optimizer: { rate: _, multipliers: __, ...optimizer } }: Recipe): Optimizer {
  return optimizer
}

/**
 * Reads a recipe.
 *
 * @param text YAML.
 * @param origin What messages call it: the file's name.
 * @throws AlexNetError `invalid-setting` that names the key, or `unknown-name` for a key that does not exist.
 */
export function parseRecipe(text: string, origin: string): Recipe {
  let data: unknown
  try {
    data = parseYaml(text)
  } catch (error) {
    throw new AlexNetError('invalid-setting', `${origin} is not YAML: ${messageOf(error).split('\n')[0]}`, undefined, {
      cause: error,
    })
  }
  return checkRecipe(data, origin)
}

/** Checks settings that are to be a recipe; the errors are those of `parseRecipe`. */
export function checkRecipe(data: unknown, origin: string): Recipe {
  const parsed = recipeSchema.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]
    throw new AlexNetError(
      'unknown-name',
      `${origin}: there is no key '${place ? `${place}.` : ''}${key}'`,
      didYouMean(key, keysAt(recipeSchema, issue.path)),
    )
  }
  throw new AlexNetError('invalid-setting', `${origin}: ${place || 'recipe'}: ${issue.message}`)
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema
  for (const key of path) {
    while (at instanceof z.ZodDefault || at instanceof z.ZodOptional) at = at.unwrap()
    if (at instanceof z.ZodArray) at = at.element
    else at = at instanceof z.ZodObject ? at.shape[String(key)] : undefined
  }
  while (at instanceof z.ZodDefault || at instanceof z.ZodOptional) at = at.unwrap()
  if (at instanceof z.ZodObject) return Object.keys(at.shape)
  if (at instanceof z.ZodDiscriminatedUnion)
    return [
      ...new Set(at.options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : []))),
    ]
  return []
}

/**
 * The recipe for a training part of `pictures` pictures: a share to be held out becomes a number. Where the schedule needs
 * validation pictures and the recipe says nothing of them, a tenth is held out; where the data has a part for it, none.
 */
export function resolveRecipe(recipe: Recipe, pictures: number, hasValidation: boolean): Recipe {
  const { validation } = recipe.data
  const share = recipe.schedule.kind === 'plateau' && validation === 0 ? 0.1 : validation
  const held = hasValidation ? 0 : share < 1 ? Math.round(share * pictures) : share
  return { ...recipe, data: { ...recipe.data, validation: held } }
}

/** A recipe as YAML, with every setting written out. */
export function formatRecipe(recipe: Recipe): string {
  return stringifyYaml(recipe)
}
