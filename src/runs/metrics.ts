import * as z from 'zod'

/** What a set of pictures gave: accuracies as fractions, the mean loss, and how many pictures. */
export const metricsSchema = z.object({ top1: z.number(), top5: z.number(), loss: z.number(), images: z.number() })

export type Metrics = Readonly<z.infer<typeof metricsSchema>>

/** Sums over pictures, from which the metrics follow. Plain data: it is saved in the middle of an epoch. */
export const metricSumsSchema = z.strictObject({
  loss: z.number(),
  correct1: z.number(),
  correct5: z.number(),
  images: z.number(),
})

export type MetricSums = Readonly<z.infer<typeof metricSumsSchema>>

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
