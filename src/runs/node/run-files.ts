/**
 * The files in the folder of a run:
 *
 * - `recipe.yaml`: all settings as resolved
 * - `metrics.jsonl`: what was measured, the same for a resumed run as for an uninterrupted one
 * - `timing.jsonl`: when, how fast, and what computed it
 * - `last.safetensors`: to go on from
 * - `best.safetensors`: the parameters with the lowest loss in the evaluation
 * - `data.json`: where one's own pictures lie, and what was found there
 * - `pictures.jsonl`: which of one's own pictures it learns from, and which measure it
 * - `report.html`: what came out, for people
 * - `live.json`, `live.safetensors`: where the training is, and what the net looks like, for a page
 * - `metrics.csv`: a line for each epoch, where asked for
 * - `lock`: while a process trains in it
 */
export const runFiles = {
  recipe: 'recipe.yaml',
  metrics: 'metrics.jsonl',
  timing: 'timing.jsonl',
  last: 'last.safetensors',
  best: 'best.safetensors',
  scan: 'data.json',
  pictures: 'pictures.jsonl',
  report: 'report.html',
  liveProgress: 'live.json',
  liveSnapshot: 'live.safetensors',
  table: 'metrics.csv',
  lock: 'lock',
} as const
