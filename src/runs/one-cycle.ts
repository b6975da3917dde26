import * as z from 'zod'

export const oneCycleSchema = z
  .strictObject({
    kind: z.literal('one-cycle'),
    pctStart: z.number().min(0).max(1).default(0.3).describe('The share of the steps in which the rate rises.'),
    divFactor: z
      .number()
      .min(1)
      .default(25)
      .describe('The rate starts at this part of its height: height ÷ divFactor.'),
    finalDivFactor: z
      .number()
      .min(1)
      .default(1e4)
      .describe('It ends at this part of its start: start ÷ finalDivFactor.'),
    anneal: z
      .enum(['cosine', 'linear'])
      .default('cosine')
      .describe('How it rises and falls: along half cosines or in lines.'),
    threePhase: z
      .boolean()
      .default(false)
      .describe('Fall as long as it has risen, back to the start, and in the steps that are left to the end.'),
  })
  .describe(
    'Rises from height ÷ `divFactor` to its height, the `rate` of the optimizer, and falls far below its start, step by ' +
      "step (Smith and Topin; PyTorch's OneCycleLR).",
  )

type OneCycle = z.infer<typeof oneCycleSchema>

/**
 * The rate of a step, as torch.optim.lr_scheduler.OneCycleLR works it out. (Its momentum, which falls while the rate rises,
 * is not cycled here.)
 *
 * @param height The highest rate.
 * @param step Of the run, from 0.
 * @param steps Of the whole run.
 */
export function oneCycleRate(cycle: OneCycle, height: number, step: number, steps: number): number {
  const { pctStart, threePhase, anneal } = cycle
  const first = height / cycle.divFactor
  const last = first / cycle.finalDivFactor
  const top = pctStart * steps - 1
  const turns = threePhase
    ? [
        { at: 0, rate: first },
        { at: top, rate: height },
        { at: 2 * pctStart * steps - 2, rate: first },
        { at: steps - 1, rate: last },
      ]
    : [
        { at: 0, rate: first },
        { at: top, rate: height },
        { at: steps - 1, rate: last },
      ]
  const next = turns.findIndex(({ at }, i) => i > 0 && step <= at)
  if (next < 0) return last
  const [from, to] = [turns[next - 1], turns[next]]
  const share = to.at > from.at ? (step - from.at) / (to.at - from.at) : 1
  const left = anneal === 'linear' ? 1 - share : (1 + Math.cos(Math.PI * share)) / 2
  return to.rate + (from.rate - to.rate) * left
}
