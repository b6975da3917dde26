/**
 * What the library does in Node only: files, native engines, image decoding, runs.
 *
 * @module alexnet/node
 */

export { datasetCatalogue } from './data/dataset-catalogue.js'
export { ensureCifar10 } from './data/node/cifar10-download.js'
export { readCifar10 } from './data/node/cifar10-files.js'
export { dataDirectory } from './data/node/data-directory.js'
export { type LoadOptions, loadDataset } from './data/node/load-dataset.js'
export { type PictureFiles, pictureFiles } from './data/node/pictures/picture-files.js'
export { readImage } from './data/node/read-image.js'
export { type WorkerLoaderOptions, workerLoader } from './data/node/worker-loader.js'
export { augmentationRows } from './data/sheet/augmentation-rows.js'
export { contactSheet } from './data/sheet/contact-sheet.js'
export { engineOffers } from './engines/node/engine-offers.js'
export { type SelectedEngine, selectEngine } from './engines/node/select-engine.js'
export type { EngineOffer } from './engines/registry.js'
export { type ExportOptions, exportRun } from './exchange/node/export-run.js'
export { imagenetClasses } from './exchange/node/imagenet-classes.js'
export { type ImportedRun, type ImportOptions, importRun } from './exchange/node/import-run.js'
export { readWeights } from './exchange/node/read-weights.js'
export { ensureTorchvisionWeights } from './exchange/node/torchvision-weights.js'
export { type EncodedBatch, type EncodeOptions, encodePictures } from './inference/node/codes/encode-pictures.js'
export { type WriteCodesOptions, type WrittenCodes, writeCodes } from './inference/node/codes/write-codes.js'
export { type EvaluatedOptions, loadEvaluated } from './inference/node/load-evaluated.js'
export {
  type ClassifierOptions,
  type FileClassifier,
  openClassifier,
  type PictureInput,
  type Prediction,
  type Predictions,
  type ReadableOptions,
} from './inference/node/open-classifier.js'
export { openZoo } from './inference/node/open-zoo.js'
export {
  findSimilar,
  type Similar,
  type SimilarOptions,
  type SimilarPicture,
} from './inference/node/similar/find-similar.js'
export { type ReportOptions, type WrittenReport, writeReport } from './report/node/write-report.js'
export type { GivenParts, GivenSettings } from './runs/given-recipe.js'
export type { MetricsLine, TimingLine } from './runs/lines.js'
export { readCheckpoint } from './runs/node/checkpoint-files.js'
export { readZooCard } from './runs/node/read-zoo-card.js'
export { readRecipe, recipeNames } from './runs/node/recipes.js'
export { RunDirectory } from './runs/node/run-directory.js'
export { zooFile } from './runs/node/zoo-files.js'
export { formatRecipe, parseRecipe } from './runs/recipe-yaml.js'
export type { ZooCard } from './runs/zoo-card.js'
export { type ZooName, zooNames } from './runs/zoo-names.js'
export type { Limits } from './server/limits.js'
export { type PredictionServer, type PredictionServerOptions, servePredictions } from './server/prediction-server.js'
export { serveUi, type UiServerOptions } from './server/ui-server.js'
export { findRunRate } from './training/node/find-run-rate.js'
export {
  type ResumedRun,
  type RunObserver,
  type RunOptions,
  type RunStart,
  type RunSummary,
  runTraining,
  type TrainedRun,
} from './training/node/run-training.js'
