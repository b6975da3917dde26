/**
 * The one worker script of the page; its name says what it does. One script, since a bundler shares no code between
 * scripts of workers, and these have most of it in common.
 */
import { type Job, jobs } from './jobs.ts'

// What arrives while the job is loaded is kept for it.
const early: MessageEvent[] = []
const keep = (event: MessageEvent) => early.push(event)
addEventListener('message', keep)

const job = jobs[self.name as Job]
job().then(() => {
  removeEventListener('message', keep)
  for (const { data } of early) dispatchEvent(new MessageEvent('message', { data }))
})
