/** A thread that does its share of an update's passes, called through shared memory. */
import { workerData } from 'node:worker_threads'
import { passFunctions, shareOf } from '../pass-runner.js'
import { CONTROL, readCall, type UpdateWorkerData } from './shared-call.js'

const { module, memory, control, share, shares } = workerData as UpdateWorkerData
const run = passFunctions(module, memory)

Atomics.add(control, CONTROL.ready, 1)
for (let round = 0; ; ) {
  Atomics.wait(control, CONTROL.round, round)
  round = Atomics.load(control, CONTROL.round)
  if (round < 0) break
  run(shareOf(readCall(control), share, shares))
  Atomics.sub(control, CONTROL.waiting, 1)
  Atomics.notify(control, CONTROL.waiting)
}
