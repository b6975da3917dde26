import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PredictorObserver } from './predictor.js'

/** From 1 ms to 30 s: a small network on a fast machine, and a full queue on a slow one. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What a prediction server counts, in Prometheus's form. */
export class PredictionMetrics implements PredictorObserver {
  private readonly registry = new Registry()
  private readonly requests = new Counter({
    name: 'alexnet_requests_total',
    help: 'Requests answered.',
    labelNames: ['path', 'status'],
    registers: [this.registry],
  })
  private readonly latency = new Histogram({
    name: 'alexnet_request_seconds',
    help: 'From the head of a request to its answer.',
    labelNames: ['path'],
    buckets: SECONDS,
    registers: [this.registry],
  })
  private readonly decoding = new Histogram({
    name: 'alexnet_decode_seconds',
    help: 'Decoding and preparing a picture.',
    buckets: SECONDS,
    registers: [this.registry],
  })
  private readonly batches = new Histogram({
    name: 'alexnet_batch_pictures',
    help: 'Pictures in a batch.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers: [this.registry],
  })
  private readonly computing = new Histogram({
    name: 'alexnet_batch_seconds',
    help: 'Classifying a batch.',
    buckets: SECONDS,
    registers: [this.registry],
  })

  /** @param queueLength Pictures that are taken and not answered. */
  constructor(queueLength: () => number) {
    collectDefaultMetrics({ register: this.registry })
    new Gauge({
      name: 'alexnet_queue_pictures',
      help: 'Pictures that are taken and not answered yet.',
      registers: [this.registry],
      collect() {
        this.set(queueLength())
      },
    })
  }

  /** @param path One of the server's own: what clients make up must not become labels without end. */
  onAnswered(path: string, status: number, seconds: number): void {
    this.requests.inc({ path, status })
    this.latency.observe({ path }, seconds)
  }

  onDecoded(seconds: number): void {
    this.decoding.observe(seconds)
  }

  onBatch(pictures: number, seconds: number): void {
    this.batches.observe(pictures)
    this.computing.observe(seconds)
  }

  get contentType(): string {
    return this.registry.contentType
  }

  text(): Promise<string> {
    return this.registry.metrics()
  }
}
