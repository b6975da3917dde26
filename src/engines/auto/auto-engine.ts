import type { Program } from '../../graph/program.js'
import type { CompileOptions, Engine, Executable } from '../engine.js'
import { measureProgram } from './measure-program.js'
import { programKey } from './program-key.js'

/** An engine for a program, and why. */
export interface EngineChoice {
  readonly engine: Engine
  readonly reason: string
}

/** An engine that leaves each program to another one. */
export interface AutoEngine extends Engine {
  /** Which engine a program is left to; `compile` takes the same. */
  choose(program: Program, options?: CompileOptions): Promise<EngineChoice>
}

/** An engine that runs here. */
export interface Candidate {
  readonly engine: Engine
  /** What it is: a version, say. */
  readonly found: string
}

/** One that has not been looked for yet. */
export interface Rival {
  readonly name: string
  /** Undefined where it cannot run here. */
  find(): Promise<Candidate | undefined>
}

/** What was measured of an engine: its version, and how long a run took, in milliseconds. */
export interface EngineTime {
  readonly found: string
  readonly milliseconds: number
}

/** What is known of earlier measurements, by the engines' names. */
export interface EngineTimes {
  recall(key: string): Readonly<Record<string, EngineTime>> | undefined
  keep(learnt: Readonly<Record<string, Readonly<Record<string, EngineTime>>>>): void
}

export interface AutoEngineOptions {
  /** What is presumably the fastest here. */
  readonly first: Candidate
  readonly rivals: readonly Rival[]
  readonly times: EngineTimes
  /** The engines' own choice of threads, where a program's options leave it to them. */
  readonly threads: number
  /**
   * Whether a program that is new here is measured with each engine. Work of a moment is not worth that: the first is taken,
   * and for a single picture also where another is known to be faster, once it has started.
   */
  readonly measures: boolean
  /** Called before the engines are compared by a program. */
  readonly onComparing?: (program: Program, engines: readonly string[]) => void
  /** Called when an engine has been chosen for a program. */
  readonly onChosen?: (program: Program, choice: EngineChoice) => void
  readonly measure?: typeof measureProgram
}

export function isAutoEngine(engine: Engine): engine is AutoEngine {
  return 'choose' in engine
}

/** The engine itself that a program is left to, where that is yet to be chosen. */
export async function engineFor(
  { engine, reason }: EngineChoice,
  program: Program,
  options: CompileOptions,
): Promise<EngineChoice> {
  return isAutoEngine(engine) ? engine.choose(program, options) : { engine, reason }
}

/**
 * Takes for each program the engine that runs it fastest here: a training may evaluate with another engine than it trains
 * with. What was measured once is remembered, and what was chosen is among an executable's `choices`: other engines round
 * otherwise, so a training that goes on keeps them.
 */
export function autoEngine(options: AutoEngineOptions): AutoEngine {
  const chooser = new Chooser(options)
  const chosen = new Map<string, Promise<EngineChoice>>()
  const keyOf = (program: Program, { threads = options.threads, precision }: CompileOptions) =>
    `engine for ${programKey(program, { threads, precision })}`
  const engine: AutoEngine = {
    name: 'auto',
    precisions: options.first.engine.precisions,
    async choose(program, compileOptions = {}) {
      const key = keyOf(program, compileOptions)
      const recorded = await chooser.named(compileOptions.choices?.[key])
      if (recorded) return { engine: recorded.engine, reason: `${recorded.found}, as before` }
      const known = chosen.get(key)
      if (known) return known
      const choice = chooser.choose(program, key, compileOptions)
      chosen.set(key, choice)
      choice.then(
        (made) => options.onChosen?.(program, made),
        () => chosen.delete(key),
      )
      return choice
    },
    async compile(program, compileOptions = {}) {
      const choice = await engine.choose(program, compileOptions)
      const executable = await choice.engine.compile(program, compileOptions)
      return withChoice(executable, keyOf(program, compileOptions), choice.engine.name)
    },
  }
  return engine
}

/** The executable, in whose choices that of the engine stands. */
function withChoice(executable: Executable, key: string, name: string): Executable {
  return {
    choices: { ...executable.choices, [key]: name },
    run: (inputs) => executable.run(inputs),
    readState: (names) => executable.readState(names),
    writeState: (state) => executable.writeState(state),
    timings: () => executable.timings(),
    dispose: () => executable.dispose(),
  }
}

class Chooser {
  private readonly found = new Map<string, Promise<Candidate | undefined>>()

  constructor(private readonly options: AutoEngineOptions) {}

  /** An engine by its name; undefined where there is none of it here. */
  async named(name: string | undefined): Promise<Candidate | undefined> {
    const { first, rivals } = this.options
    if (name === first.engine.name) return first
    const rival = rivals.find((each) => each.name === name)
    return rival && this.find(rival)
  }

  async choose(program: Program, key: string, options: CompileOptions): Promise<EngineChoice> {
    const { first, times, measures } = this.options
    const { precision = 'float32' } = options
    // That the first is not able is an error of its own words.
    if (!measures && isOfOnePicture(program)) return presumably(first)
    const known = times.recall(key)
    if (!measures) {
      const best = known && (await this.named(fastestOf(known)))
      return best && known ? measured(best, known) : presumably(first)
    }
    const rivals = await Promise.all(this.options.rivals.map((rival) => this.find(rival)))
    const able = [first, ...rivals].filter((each) => each?.engine.precisions.includes(precision)) as Candidate[]
    if (able.length < 2) return presumably(able[0] ?? first)
    const isKnown = known && able.every(({ engine, found }) => known[engine.name]?.found === found)
    const all = isKnown ? known : await this.compare(program, key, able, options)
    return measured((await this.named(fastestOf(all)))!, all)
  }

  /** One engine after the other: side by side they would share the processor, and the memory of both would be needed. */
  private async compare(
    program: Program,
    key: string,
    able: readonly Candidate[],
    { threads, precision }: CompileOptions,
  ): Promise<Readonly<Record<string, EngineTime>>> {
    const { onComparing, measure = measureProgram, times } = this.options
    onComparing?.(
      program,
      able.map(({ engine }) => engine.name),
    )
    const all: Record<string, EngineTime> = {}
    const failures: unknown[] = []
    for (const { engine, found } of able)
      try {
        all[engine.name] = { found, milliseconds: await measure(engine, program, { threads, precision }) }
      } catch (error) {
        // A program that is too large for one engine, say: the others are what is left.
        failures.push(error)
      }
    if (failures.length === able.length) throw failures[0]
    if (failures.length === 0) times.keep({ [key]: all })
    return all
  }

  private find(rival: Rival): Promise<Candidate | undefined> {
    const known = this.found.get(rival.name) ?? rival.find()
    this.found.set(rival.name, known)
    return known
  }
}

function isOfOnePicture({ update, inputs }: Program): boolean {
  return !update && Object.values(inputs).every(({ shape }) => shape[0] === 1)
}

function presumably({ engine, found }: Candidate): EngineChoice {
  return { engine, reason: `${found}, presumably the fastest here` }
}

/** The names, the fastest first. */
function ranking(times: Readonly<Record<string, EngineTime>>): readonly string[] {
  return Object.keys(times).toSorted((a, b) => times[a].milliseconds - times[b].milliseconds)
}

const fastestOf = (times: Readonly<Record<string, EngineTime>>) => ranking(times)[0]

function measured({ engine, found }: Candidate, times: Readonly<Record<string, EngineTime>>): EngineChoice {
  const next = ranking(times).find((name) => name !== engine.name)
  if (next === undefined) return { engine, reason: `${found}, the only one here that can` }
  const ratio = (times[next].milliseconds / times[engine.name].milliseconds).toFixed(2)
  return { engine, reason: `${found}, measured here: ${ratio} times as fast as ${next}` }
}
