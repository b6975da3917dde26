import type { Memory } from '../../../data/node/remembered-file.js'
import type { KernelChoices } from '../../engine.js'
import { fastest } from './fastest.js'

/** One way to compute something. Its name stays the same from start to start. */
export interface Candidate {
  readonly name: string
}

/** Runs a candidate once and tells how many milliseconds it took. */
export type Stopwatch<C extends Candidate> = (candidate: C) => number

export interface TunerOptions {
  /** What an earlier executable has chosen: stays, where it still exists, so that its numbers repeat themselves. */
  readonly recorded?: KernelChoices
  readonly memory?: Memory<string>
  /** How many milliseconds may be spent on measuring; when they are, the first candidate is taken. 0: at once. */
  readonly budget: number
  /** Called before the first measurement. */
  readonly onMeasuring?: () => void
  /** Default: the time of day. */
  readonly clock?: () => number
}

/** Chooses among the ways to compute something: as was chosen before, or what proves the fastest here and now. */
export class Tuner {
  private readonly chosen: Record<string, string> = {}
  private readonly learnt: Record<string, string> = {}
  private readonly clock: () => number
  private spent = 0

  constructor(private readonly options: TunerOptions) {
    this.clock = options.clock ?? (() => performance.now())
  }

  /** All choices so far, for another tuner's `recorded`. */
  get choices(): KernelChoices {
    return this.chosen
  }

  /** What an earlier executable has chosen. */
  recorded(key: string): string | undefined {
    return this.options.recorded?.[key]
  }

  /**
   * @param key What is computed: equal keys get equal answers.
   * @param candidates The first is what is taken without measuring.
   */
  choose<C extends Candidate>(key: string, candidates: readonly C[], run: Stopwatch<C>): C {
    const [first] = candidates
    if (candidates.length === 1) return first
    const { memory } = this.options
    const named = (name: string | undefined) => candidates.find((candidate) => candidate.name === name)
    const known = named(this.chosen[key]) ?? named(this.recorded(key))
    // Who does not measure does not take over what others have measured either.
    const choice =
      known ?? (this.options.budget > 0 ? named(memory?.recall(key)) : first) ?? this.measure(key, candidates, run)
    this.chosen[key] = choice.name
    return choice
  }

  /** Hands to the memory what was measured. */
  finish(): void {
    if (Object.keys(this.learnt).length > 0) this.options.memory?.keep(this.learnt)
  }

  private measure<C extends Candidate>(key: string, candidates: readonly C[], run: Stopwatch<C>): C {
    const { budget, onMeasuring } = this.options
    if (this.spent >= budget) return candidates[0]
    if (this.spent === 0) onMeasuring?.()
    const start = this.clock()
    const choice = fastest(candidates, run)
    this.spent += this.clock() - start
    this.learnt[key] = choice.name
    return choice
  }
}

/** Takes the first candidate, always. */
export const untuned = () => new Tuner({ budget: 0 })
