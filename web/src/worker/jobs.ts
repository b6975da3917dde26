/** What workers of this page can be, by name. Each module answers messages from then on. */
export const jobs = {
  training: () => import('../../../src/training/web/training-worker.ts'),
  classifier: () => import('../../../src/inference/web/classifier-worker.ts'),
  signal: () => import('../paper/signal-worker.ts'),
} as const

export type Job = keyof typeof jobs
