/**
 * What the library does in a browser only: the engine on `onnxruntime-web`, training and inference in workers; and numbers
 * for people, written as the command line does.
 *
 * @module alexnet/web
 */
export { type Device, devices } from './engines/device.js'
export { type WebEngine, type WebEngineOptions, webEngine } from './engines/web/web-engine.js'
export { count, duration, large, percent } from './format-numbers.js'
export type { LabelProbability, MostProbable } from './inference/most-probable.js'
export type { OcclusionMap, OcclusionOptions } from './inference/occlusion.js'
export type { LayerActivations } from './inference/picture-classifier.js'
export type { OpenedClassifier } from './inference/web/messages.js'
export { imageOf, openClassifier, type WebClassifier } from './inference/web/open-classifier.js'
export { formatRecipe, parseRecipe } from './runs/recipe-yaml.js'
export type {
  TestPrediction,
  WebData,
  WebEpochEvent,
  WebStepEvent,
  WebTrainingOptions,
  WebTrainingStart,
  WebTrainingSummary,
} from './training/web/messages.js'
export { trainInWorker, type WebTraining, type WebTrainingObserver } from './training/web/train-in-worker.js'
