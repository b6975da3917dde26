/**
 * What the library does in a browser only: the engine on `onnxruntime-web`, training and inference in workers.
 *
 * @module
 */
export { type Device, devices } from './engines/device.js'
export { type WebEngine, type WebEngineOptions, webEngine } from './engines/web/web-engine.js'
export type { OcclusionMap, OcclusionOptions } from './inspection/occlusion.js'
export type { LayerActivations } from './inspection/picture-classifier.js'
export type { OpenedClassifier } from './inspection/web/messages.js'
export { imageOf, openClassifier, type WebClassifier } from './inspection/web/open-classifier.js'
export type { LabelProbability } from './training/most-probable.js'
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
