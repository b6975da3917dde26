import { signal } from '@preact/signals'
import { AlexNetError, type Cifar10File, type Recipe, recordsIn } from 'alexnet'
import type { Device, WebData } from 'alexnet/web'
import { baseRecipe, type DataName, type ModelName, modelNames } from './base-recipe.ts'

/** The settings of the next training: a recipe, as on the command line. */
export const recipe = signal<Recipe>(baseRecipe('alexnet-cifar', 'shapes'))
export const device = signal<Device>('cpu')
/** CIFAR-10's files, once they have been opened. */
export const cifarFiles = signal<{
  readonly train: readonly Cifar10File[]
  readonly test: readonly Cifar10File[]
} | null>(null)
/** Weights to go on from: a checkpoint that the user has opened. */
export const startingPoint = signal<{
  readonly name: string
  readonly bytes: Uint8Array
  readonly step: number
} | null>(null)

export function chooseData(data: DataName): void {
  startingPoint.value = null
  recipe.value = baseRecipe(modelOf(recipe.value), data)
}

export function chooseModel(model: ModelName): void {
  startingPoint.value = null
  recipe.value = baseRecipe(model, dataOf(recipe.value))
}

/** Changes a group of the recipe's settings. */
export function change<Group extends 'model' | 'data' | 'training' | 'optimizer'>(
  group: Group,
  settings: Partial<Recipe[Group]>,
): void {
  recipe.value = { ...recipe.value, [group]: { ...recipe.value[group], ...settings } }
}

export function modelOf({ model }: Recipe): ModelName {
  return modelNames.find((name) => name === model.name) ?? 'alexnet-cifar'
}

export function dataOf({ data }: Recipe): DataName {
  return data.name === 'cifar10' ? 'cifar10' : 'shapes'
}

/** AlexNet's own options: cuda-convnet's networks have no dropout, and a start of their own. */
export function hasHeadOptions({ model }: Recipe): boolean {
  return model.name === 'alexnet-cifar'
}

/**
 * Takes the files of CIFAR-10's binary version: the one with `test` in its name is the test part.
 * @throws AlexNetError `missing-data` or `corrupt-data`
 */
export async function openCifar(files: readonly File[]): Promise<void> {
  const named = files.filter(({ name }) => /batch.*\.bin$/.test(name)).sort((a, b) => a.name.localeCompare(b.name))
  const isTest = ({ name }: File) => name.includes('test')
  if (!named.some(isTest) || named.every(isTest))
    throw new AlexNetError(
      'missing-data',
      'CIFAR-10 needs test_batch.bin and at least one of data_batch_1.bin to data_batch_5.bin',
      'Unpack cifar-10-binary.tar.gz and open its .bin files together.',
    )
  for (const { name, size } of named) recordsIn(name, size)
  const read = async (file: File): Promise<Cifar10File> => ({
    name: file.name,
    bytes: new Uint8Array(await file.arrayBuffer()),
  })
  cifarFiles.value = {
    train: await Promise.all(named.filter((file) => !isTest(file)).map(read)),
    test: await Promise.all(named.filter(isTest).map(read)),
  }
}

/** The pictures that the recipe names. @throws AlexNetError `missing-data` when they have not been opened. */
export function chosenData(): WebData {
  if (dataOf(recipe.value) === 'shapes') return { kind: 'shapes' }
  if (!cifarFiles.value)
    throw new AlexNetError('missing-data', 'the files of CIFAR-10 have not been opened', 'Open them under “Pictures”.')
  return { kind: 'cifar10', ...cifarFiles.value }
}
