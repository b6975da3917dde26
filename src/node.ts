/**
 * What the library does in Node only: files, native engines, image decoding, runs.
 *
 * @module
 */
export { ensureCifar10 } from './data/node/cifar10-download.js'
export { readCifar10 } from './data/node/cifar10-files.js'
export { dataDirectory } from './data/node/data-directory.js'
export { datasetCatalogue, type LoadOptions, loadDataset } from './data/node/load-dataset.js'
export { readImage } from './data/node/read-image.js'
export { type WorkerLoaderOptions, workerLoader } from './data/node/worker-loader.js'
export { type EngineOffer, engineOffers, type SelectedEngine, selectEngine } from './engines/node/select-engine.js'
export { type ExportOptions, exportRun } from './exchange/node/export-run.js'
export { type ImportedRun, type ImportOptions, importRun } from './exchange/node/import-run.js'
export { readWeights } from './exchange/node/read-weights.js'
export { type Prediction, predict } from './training/node/predict.js'
export { readRecipe, recipeNames } from './training/node/recipes.js'
export { type MetricsLine, RunDirectory, readCheckpoint } from './training/node/run-directory.js'
export {
  type RunObserver,
  type RunOptions,
  type RunStart,
  type RunSummary,
  runTraining,
} from './training/node/run-training.js'
