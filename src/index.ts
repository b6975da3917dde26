/**
 * AlexNet as a library, for Node and the browser. What needs Node (files, native libraries, image decoding, runs) is in
 * `alexnet/node`, what needs a browser in `alexnet/web`; `alexnet/api` is the types of the servers' answers.
 *
 * @module alexnet
 */

// Tensors, random numbers, errors.

export { AlexNetError, type ErrorCode, messageOf } from './errors.js'
export { type Purpose, RandomStream, random } from './random.js'
export {
  type DType,
  float32,
  float64,
  int32,
  type Shape,
  scalar,
  scalarValue,
  sizeOf,
  type Tensor,
  type TensorData,
  type Tensors,
  uint8,
} from './tensor.js'

// Pictures: data sets, preprocessing, batches.

export type { Batch } from './data/batch.js'
export { type BatchLoader, batchLoader, type LoaderOptions } from './data/batch-loader.js'
export { type Cifar10File, parseCifar10, recordsIn } from './data/cifar10.js'
export { type Dataset, type DatasetParts, imagesOf } from './data/dataset.js'
export { fromInterleaved, type Image } from './data/image.js'
export { measureColour } from './data/measure-colour.js'
export { type ImageStream, measureNormalisation } from './data/measure-normalisation.js'
export { type LabelledPictures, memoryDataset } from './data/memory-dataset.js'
export type { Mix } from './data/mix/mix.js'
export type { MixingSettings } from './data/mix/mixing.js'
export type { ChannelNormalisation, Normalisation } from './data/normalisation.js'
export { type DecodedPictures, equalPictures, memoryReader, type Pictures } from './data/pictures.js'
export { inputShape, type Preprocessing, preparedShape, preprocess, type View } from './data/preprocessing.js'
export { shapes } from './data/shapes.js'
export { holdOut } from './data/split.js'
export type { ViewCount } from './data/view-counts.js'
export { viewsOf, withViews } from './data/views.js'

// Augmentation: each kind as a plain function on a picture.

export { centreCrop } from './data/transforms/centre-crop.js'
export type { Colour } from './data/transforms/colour.js'
export { colourNoise } from './data/transforms/colour-noise.js'
export { gaussianNoise } from './data/transforms/gaussian-noise.js'
export { mirror, randomMirror } from './data/transforms/mirror.js'
export { randomCrop } from './data/transforms/random-crop.js'
export { type Box, randomResizedCrop, resizedCrop } from './data/transforms/random-resized-crop.js'
export { resize, resizeShorter } from './data/transforms/resize.js'
export { rotate } from './data/transforms/rotation.js'
export { scale } from './data/transforms/scaling.js'
export { resolveTransforms, type Transform, type TransformSettings } from './data/transforms/transform.js'
export { translate } from './data/transforms/translation.js'
export { verticalFlip } from './data/transforms/vertical-flip.js'

// Networks: layers as plain data, their parameters, and how these begin.

export { createModel, modelCatalogue } from './models/catalogue.js'
export { defineModel, type ModelDefinition } from './models/define-model.js'
export type { Initial } from './models/initial.js'
export { initialState } from './models/initial-state.js'
export type { Layer, LayerSettings } from './models/layers/index.js'
export type { Parameter, Statistic } from './models/layers/layer.js'
export { applyModel, layersOf, type Model, parametersOf, tensorsOf } from './models/model.js'
export type { ModelOptions, ModelTask } from './models/options.js'
export { type LayerSummary, type ModelSummary, summarise } from './models/summary.js'

// The language that a step is written in: operators, graphs, gradients, programs.

export { GraphBuilder } from './graph/builder.js'
export { differentiate } from './graph/differentiate.js'
export type { Attributes, Node, ValueType } from './graph/node.js'
export type { Operator } from './graph/operator.js'
export { operators } from './graph/ops/index.js'
export { printProgram } from './graph/print.js'
export { allInputs, allState, gradientInput, type Program, type StateVariable } from './graph/program.js'

// A network as programs: training with its update, inference, activations.

export { type BatchPlace, turnOf, type UpdateTurn } from './optimizers/accumulation.js'
export type { AdamW } from './optimizers/adamw.js'
export { type Optimizer, type OptimizerSettings, resolveOptimizer } from './optimizers/index.js'
export type { Sgd } from './optimizers/sgd.js'
export { activationsProgram, codeLayer } from './programs/activations-program.js'
export { inferenceProgram } from './programs/inference-program.js'
export { type Loss, lossTargets } from './programs/loss.js'
export {
  type StepResults,
  stepInputs,
  stepResults,
  type TrainingProgramOptions,
  type TrainingStep,
  trainingProgram,
} from './programs/training-program.js'
export { type UpdateProgramOptions, updateProgram } from './programs/update-program.js'

// Engines: what runs programs.

export {
  type CompileOptions,
  type Engine,
  type Executable,
  type OperatorTiming,
  type Precision,
  precisions,
} from './engines/engine.js'
export { type OnnxEngineOptions, onnxEngine } from './engines/onnx/onnx-engine.js'
export type { OnnxRuntimeModule } from './engines/onnx/onnx-runtime.js'
export { type Interpreted, interpret } from './engines/reference/interpret.js'
export { referenceEngine } from './engines/reference/reference-engine.js'

// Training, and what a run consists of.

export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './runs/checkpoint.js'
export type { Metrics } from './runs/metrics.js'
export { parseSchedule } from './runs/parse-schedule.js'
export { freshProgress, type Progress } from './runs/progress.js'
export { checkRecipe, type Recipe, type RecipeSettings } from './runs/recipe.js'
export {
  freshPlateau,
  type PlateauState,
  rateAt,
  type Schedule,
  type StepPosition,
} from './runs/schedule.js'
export { classWeights } from './training/class-weights.js'
export { findRate, type RateSearch, type RateSearchOptions, rateRange, roundedRate } from './training/lr-find.js'
export { type RatePoint, type SuggestionMethod, suggestedRates } from './training/suggest-rate.js'
export {
  type EpochEvent,
  type Snapshot,
  type StepEvent,
  type TrainerHooks,
  type TrainerOptions,
  type TrainingResult,
  train,
} from './training/trainer.js'

// A trained network at work.

export { ClassCounts } from './inference/class-counts.js'
export { type ClassifiedBatch, type Classifier, classifier } from './inference/classifier.js'
export { filterPictures } from './inference/filter-pictures.js'
export type { LabelProbability, MostProbable } from './inference/most-probable.js'
export { type PictureRunner, pictureRunner } from './inference/picture-runner.js'
export { type ClassMeasures, type ClassResult, macroAverage, measuresOf } from './runs/class-results.js'

// Weights and networks of other programs.

export { exportOnnx, type OnnxExportOptions } from './exchange/export-onnx.js'
export { exportSafetensors } from './exchange/export-safetensors.js'
export type { ExportedNetwork } from './exchange/exported-network.js'
export type { ChannelOrder, ForeignNetwork } from './exchange/foreign-network.js'
export { type ImportedNetwork, type ImportSettings, importNetwork } from './exchange/import-network.js'
export { parseLabels } from './exchange/labels.js'
export { readNetwork } from './exchange/read-network.js'

// Files as bytes: safetensors, ONNX, PyTorch.

export { decodeOnnx } from './formats/onnx/decode.js'
export { encodeOnnx } from './formats/onnx/encode.js'
export { decodePytorch } from './formats/pytorch/decode.js'
export { decodeSafetensors, encodeSafetensors } from './formats/safetensors.js'
