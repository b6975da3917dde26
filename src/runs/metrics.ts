/** What a set of pictures gave: accuracies as fractions, the mean loss, and how many pictures. */
export interface Metrics {
  readonly top1: number
  readonly top5: number
  readonly loss: number
  readonly images: number
}

/** Sums over pictures, from which the metrics follow. Plain data: it is saved in the middle of an epoch. */
export interface MetricSums {
  readonly loss: number
  readonly correct1: number
  readonly correct5: number
  readonly images: number
}

export const noMetrics: MetricSums = { loss: 0, correct1: 0, correct5: 0, images: 0 }

export function addSums(a: MetricSums, b: MetricSums): MetricSums {
  return {
    loss: a.loss + b.loss,
    correct1: a.correct1 + b.correct1,
    correct5: a.correct5 + b.correct5,
    images: a.images + b.images,
  }
}

/** The means of the sums; NaN where there was no picture. */
export function metricsOf({ loss, correct1, correct5, images }: MetricSums): Metrics {
  return { top1: correct1 / images, top5: correct5 / images, loss: loss / images, images }
}
