import * as z from 'zod'
import type { DatasetParts } from '../data/dataset.js'
import { mixingSchema } from '../data/mix/mixing.js'
import { samplings } from '../data/sampling.js'
import { transformSettingsSchema } from '../data/transforms/transform.js'
import { modelSettingsSchema } from '../models/model-settings.js'
import { type Optimizer, optimizerSchemaWith } from '../optimizers/index.js'
import { lossSchema } from '../programs/loss.js'
import { check, type Pointers } from '../settings/check.js'
import { scheduleSchema } from './schedule.js'

/**
 * A training run as a file: model, data, learning rule, schedule, and the result that it claims. Everything but the
 * machine: which engine, how many threads, where the pictures lie. Its descriptions are what an editor shows
 * (`recipes/recipe.schema.json`, written by `npm run recipe-schema`).
 */
export const recipeSchema = z.strictObject({
  claim: z
    .string()
    .optional()
    .describe('What it reaches, and how long that takes: a claim that anyone can check by running it.'),
  model: modelSettingsSchema.describe("The network. What is left out is the network's own."),
  weights: z
    .string()
    .optional()
    .describe(
      'A file whose parameters training starts from, `zoo:NAME`, or `torchvision`, whose AlexNet is downloaded; the last layer is replaced where the classes are others.',
    ),
  data: z
    .strictObject({
      name: z.string().describe("The data set: `shapes`, `cifar10`, or `pictures`, one's own."),
      given: z
        .literal(true)
        .optional()
        .describe('The pictures are given by a program (`runTraining({ data })`), which alone can give them again.'),
      size: z
        .int()
        .positive()
        .optional()
        .describe('The shorter side to which pictures are resized, in pixels; default: as they are.'),
      normalisation: z
        .enum(['channel', 'pixel'])
        .default('channel')
        .describe(
          'Subtract the mean colour and divide by the deviation (`channel`), or subtract the mean picture (`pixel`).',
        ),
      augmentation: z
        .array(transformSettingsSchema)
        .default([])
        .describe('What is done to each picture in training, one after the other, drawn anew for every use.'),
      mix: mixingSchema
        .optional()
        .describe('How the pictures of a batch are mixed with each other in training; default: they are not.'),
      sampling: z
        .enum(samplings)
        .default('shuffled')
        .describe(
          'Every picture once an epoch (`shuffled`), or of each class equally many, so that those of rare classes come more ' +
            'often (`balanced`).',
        ),
      validation: z
        .number()
        .min(0)
        .refine((value) => value < 1 || Number.isInteger(value), 'expected a share below 1 or a whole number')
        .default(0)
        .describe(
          'Pictures held out of the training part, by which the schedule and the best checkpoint are chosen: how many, or ' +
            "below 1 which share. One's own pictures with a part for it need none.",
        ),
    })
    .describe('The pictures, and how they are prepared.'),
  training: z
    .strictObject({
      epochs: z.int().positive().describe('Times through the training part.'),
      minimumSteps: z
        .int()
        .positive()
        .optional()
        .describe('Steps that it learns for at least: a small training part is gone through more often than `epochs`.'),
      patience: z
        .int()
        .positive()
        .optional()
        .describe(
          'Ends the training after so many epochs without a lower validation loss; the best epoch is what counts.',
        ),
      batchSize: z
        .int()
        .positive()
        .default(128)
        .describe('Pictures in a step; of a smaller training part all that there are.'),
      accumulate: z
        .int()
        .positive()
        .optional()
        .describe(
          'Batches whose mean gradient makes one update: as a batch so many times as large, in the memory of one.',
        ),
      seed: z.int().default(1).describe('What all randomness is drawn from.'),
    })
    .describe('How long it learns.'),
  optimizer: optimizerSchemaWith({
    rate: z.number().positive().describe('The learning rate ε at the start.'),
    multipliers: z
      .record(z.string().min(1), z.number().nonnegative())
      .optional()
      .describe('Multipliers of the rate by the names of parameters, for fine-tuning: 0 freezes.'),
  }).describe('How it learns.'),
  loss: lossSchema.optional().describe('What it learns from; default: the cross entropy of the labels.'),
  schedule: scheduleSchema.default({ kind: 'constant' }).describe('How the learning rate falls.'),
})

export type Recipe = z.infer<typeof recipeSchema>

/** A recipe as it may be written: what is left out is its default. */
export type RecipeSettings = z.input<typeof recipeSchema>

/** The settings of a recipe's optimizer, without what the run makes of them: the rate and its multipliers. */
export function optimizerIn({ optimizer: { rate: _, multipliers: __, ...optimizer } }: Recipe): Optimizer {
  return optimizer
}

/**
 * Checks settings that are to be a recipe.
 *
 * @param origin What messages call it.
 * @param pointers For what a person has written.
 * @throws AlexNetError `invalid-setting` that names the key, or `unknown-name` for a key that does not exist.
 */
export function checkRecipe(data: unknown, origin: string, pointers?: Pointers): Recipe {
  return check(recipeSchema, data, origin, pointers)
}

/** The settings that follow the validation loss, in words; undefined where none does. */
export function followsValidation({ schedule, training }: Recipe): string | undefined {
  if (schedule.kind === 'plateau') return 'a plateau schedule'
  return training.patience === undefined ? undefined : 'patience'
}

/**
 * What is to be held out for validation: how many pictures, or below 1 which share. Where a setting needs validation
 * pictures and the recipe says nothing of them, a tenth; where the data has a part for it, none.
 */
export function wantedValidation(recipe: Recipe, parts: DatasetParts): number {
  if (parts.validation) return 0
  const { validation } = recipe.data
  return validation === 0 && followsValidation(recipe) !== undefined ? 0.1 : validation
}
