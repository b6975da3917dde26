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

/** What is known of earlier measurements: milliseconds of a run, by the engines' names. */
export interface EngineTimes {
  recall(key: string): Readonly<Record<string, number>> | undefined
  keep(learnt: Readonly<Record<string, Readonly<Record<string, number>>>>): void
}

export interface AutoEngineOptions {
  /** What can run here, the presumably fastest first. */
  readonly candidates: readonly Candidate[]
  readonly times: EngineTimes
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

/**
 * Takes for each program the engine that runs it fastest here: a training may evaluate with another engine than it trains
 * with. What was measured once is remembered, and what was chosen is among an executable's `choices`: other engines round
 * otherwise, so a training that goes on keeps them.
 */
export function autoEngine(options: AutoEngineOptions): AutoEngine {
  const { candidates, onChosen } = options
  const chosen = new Map<string, Promise<EngineChoice>>()
  const engine: AutoEngine = {
    name: 'auto',
    precisions: [...new Set(candidates.flatMap((candidate) => candidate.engine.precisions))],
    choose(program, compileOptions = {}) {
      const key = choiceKey(program, compileOptions)
      const recorded = candidates.find((candidate) => candidate.engine.name === compileOptions.choices?.[key])
      if (recorded) return Promise.resolve({ engine: recorded.engine, reason: `${recorded.found}, as before` })
      const known = chosen.get(key)
      if (known) return known
      const choice = choose(program, key, compileOptions, options)
      chosen.set(key, choice)
      choice.then(
        (made) => onChosen?.(program, made),
        () => chosen.delete(key),
      )
      return choice
    },
    async compile(program, compileOptions = {}) {
      const choice = await engine.choose(program, compileOptions)
      const executable = await choice.engine.compile(program, compileOptions)
      return withChoice(executable, choiceKey(program, compileOptions), choice.engine.name)
    },
  }
  return engine
}

/** The engine itself that a program is left to, where that is yet to be chosen. */
export async function engineFor(
  { engine, reason }: EngineChoice,
  program: Program,
  options: CompileOptions,
): Promise<EngineChoice> {
  return isAutoEngine(engine) ? engine.choose(program, options) : { engine, reason }
}

const choiceKey = (program: Program, options: CompileOptions) => `engine for ${programKey(program, options)}`

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

async function choose(
  program: Program,
  key: string,
  options: CompileOptions,
  { candidates, times, measures, onComparing, measure = measureProgram }: AutoEngineOptions,
): Promise<EngineChoice> {
  const { precision = 'float32' } = options
  const able = candidates.filter(({ engine }) => engine.precisions.includes(precision))
  // That none is able is an error of the engine's own words.
  if (able.length < 2) return presumably(able[0] ?? candidates[0])
  if (!measures && isOfOnePicture(program)) return presumably(able[0])
  const known = times.recall(key)
  if (known && able.every(({ engine }) => known[engine.name] > 0)) return fastest(able, known)
  if (!measures) return presumably(able[0])
  onComparing?.(
    program,
    able.map(({ engine }) => engine.name),
  )
  const measured: Record<string, number> = {}
  // One after the other: side by side they would share the processor, and the memory of both would be needed.
  for (const { engine } of able) measured[engine.name] = await measure(engine, program, options)
  times.keep({ [key]: measured })
  return fastest(able, measured)
}

function isOfOnePicture({ update, inputs }: Program): boolean {
  return !update && Object.values(inputs).every(({ shape }) => shape[0] === 1)
}

function presumably({ engine, found }: Candidate): EngineChoice {
  return { engine, reason: `${found}, presumably the fastest here` }
}

function fastest(able: readonly Candidate[], times: Readonly<Record<string, number>>): EngineChoice {
  const [best, next] = able.toSorted((a, b) => times[a.engine.name] - times[b.engine.name])
  const ratio = (times[next.engine.name] / times[best.engine.name]).toFixed(2)
  return { engine: best.engine, reason: `${best.found}, measured here: ${ratio} times as fast as ${next.engine.name}` }
}
