/** The names of the data sets, with a line about each. */
export const datasetCatalogue: readonly { readonly name: string; readonly about: string }[] = [
  { name: 'shapes', about: 'ten shapes of 32×32 pixels, drawn by code: no download' },
  { name: 'cifar10', about: '60,000 photographs of 32×32 pixels in ten classes (170 MB, downloaded once)' },
  { name: 'pictures', about: 'your own: a folder for each class, train/ and val/ with such folders, or a list' },
]

/** The data sets that have a name of their own, apart from one's own pictures. */
export const datasetNames: readonly string[] = datasetCatalogue
  .map(({ name }) => name)
  .filter((name) => name !== 'pictures')
