import type { Job } from './jobs.ts'

/** A worker for one job. Whoever starts it terminates it. */
export function startWorker(job: Job): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: job })
}
