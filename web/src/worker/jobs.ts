/** What workers of this page can be, by name. Each module answers messages from then on. */
export const jobs = {
  training: () => import('alexnet/web/training-worker'),
  classifier: () => import('alexnet/web/classifier-worker'),
  signal: () => import('../paper/signal-worker.ts'),
} as const

export type Job = keyof typeof jobs
