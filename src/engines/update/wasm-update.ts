import type { Node } from '../../graph/node.js'
import type { Values } from '../../graph/operator.js'
import { operatorOf } from '../../graph/ops/index.js'
import { allState, gradientInput, type Program } from '../../graph/program.js'
import { resultsOf, usersOf } from '../../graph/users.js'
import { sizeOf, type Tensors } from '../../tensor.js'
import { planPasses, type Stage } from '../planning/passes.js'
import { type CompiledPass, canCompile, compilePass, VALUES_A_TURN } from './compile-pass.js'
import { oneThread, type PassRunner } from './pass-runner.js'
import { type Region, UpdateMemory } from './update-memory.js'
import { wasmModule } from './wasm-module.js'

/** Makes what runs the passes of a module over a memory. */
export type MakeRunner = (module: WebAssembly.Module, memory: WebAssembly.Memory) => PassRunner

export interface WasmUpdateOptions {
  /** Several threads see the memory. Default: false. */
  readonly shared?: boolean
  /** Default: `oneThread`. */
  readonly makeRunner?: MakeRunner
}

type Step =
  | { readonly kind: 'pass'; readonly index: number; readonly pass: CompiledPass }
  | { readonly kind: 'single'; readonly node: Node }

/**
 * The update of a training step, and the memory of all that it works on: the program's whole state, and the gradients.
 *
 * An engine whose library has no such thing writes the gradients here and calls `apply`: each parameter then goes through
 * memory once, by loops of WebAssembly's vectors that are compiled for just this update. (In JavaScript the update of
 * AlexNet takes five times as long.) Sums are float32; what is a single value is computed in float64.
 */
export class WasmUpdate {
  /** The values of the whole state, by their names. Whoever changes it writes into them. */
  readonly state: ReadonlyMap<string, Float32Array>
  /** Where the gradients are to be written, by their parameters' names. An update may overwrite them. */
  readonly gradients: Readonly<Record<string, Float32Array>>
  private readonly update: Program | undefined
  private readonly steps: readonly Step[]
  private readonly moves: readonly { readonly from: Node; readonly to: Float32Array }[]
  /** Where the values of the update's nodes lie, those of one value that are computed left out. */
  private readonly places = new Map<Node, Region>()
  private readonly runner: PassRunner

  /** @param program A program that learns: with `gradients` and `update`. */
  constructor(program: Program, { shared = false, makeRunner = oneThread }: WasmUpdateOptions = {}) {
    const { update, gradients = {} } = program
    this.update = update
    const states = Object.entries(allState(program)).map(
      ([name, { current }]) => [name, sizeOf(current.shape)] as const,
    )
    const given = Object.entries(gradients).map(([name, { shape }]) => [name, sizeOf(shape)] as const)
    const stages = update
      ? planPasses(
          update.nodes.filter(({ inputs }) => inputs.length > 0),
          { users: usersOf(update), results: resultsOf(update) },
        )
      : []
    const shares = new Map(update ? placesShared(update, stages) : [])
    const own = stages.flatMap(nodesOf).filter((node) => node.shape.length > 0 && !shares.has(node))
    const kept = own.filter((node) => !isTemporary(node, stages))
    const sizes = [...states, ...given].map(([, size]) => size)
    const memory = new UpdateMemory([...sizes, ...kept.map(({ shape }) => sizeOf(shape))], shared)

    this.state = new Map(states.map(([name], i) => [name, memory.regions[i].values]))
    this.gradients = Object.fromEntries(given.map(([name], i) => [name, memory.regions[states.length + i].values]))
    const regionOf = new Map<string, Region>([
      ...states.map(([name], i) => [`state ${name}`, memory.regions[i]] as const),
      ...given.map(([name], i) => [`input ${gradientInput(name)}`, memory.regions[states.length + i]] as const),
    ])
    for (const node of update?.nodes ?? []) {
      const region = node.inputs.length === 0 ? regionOf.get(`${node.op} ${node.attributes.name}`) : undefined
      if (region) this.places.set(node, region)
    }
    for (const [i, node] of kept.entries()) this.places.set(node, memory.regions[sizes.length + i])
    for (const [node, source] of shares) this.places.set(node, this.places.get(source)!)

    const passes: CompiledPass[] = []
    this.steps = stages.flatMap((stage): Step[] => {
      if (stage.kind === 'pass' && canCompile(stage)) {
        const pass = compilePass(stage)
        return [{ kind: 'pass', index: passes.push(pass) - 1, pass }]
      }
      return nodesOf(stage).map((node) => ({ kind: 'single', node }))
    })
    const bytes = wasmModule(
      passes.map(({ code }) => code),
      { pages: memory.pages, shared },
    )
    this.runner = makeRunner(new WebAssembly.Module(bytes), memory.memory)
    this.moves = Object.entries(update?.state ?? {}).flatMap(([name, { next }]) => {
      const to = this.state.get(name)!
      return next && this.places.get(next)?.values !== to ? [{ from: next, to }] : []
    })
  }

  /**
   * Advances the state by the gradients.
   * @param inputs The step's inputs, such as the rate.
   */
  apply(inputs: Tensors): void {
    if (!this.update) return
    const scalars = new Map<Node, Values>()
    for (const node of this.update.nodes) {
      const { name, value } = node.attributes
      if (node.op === 'constant') scalars.set(node, Float64Array.of(Number(value)))
      else if (node.op === 'input' && !this.places.has(node))
        scalars.set(node, Float64Array.from(inputs[String(name)].data))
    }
    const valuesOf = (node: Node): Values => scalars.get(node) ?? this.places.get(node)!.values
    for (const step of this.steps) {
      if (step.kind === 'pass') this.run(step, (node) => valuesOf(node)[0])
      else {
        const { node } = step
        const result = new Float64Array(sizeOf(node.shape))
        operatorOf(node)!.evaluate(node, node.inputs.map(valuesOf), result)
        const place = this.places.get(node)
        if (place) place.values.set(result)
        else scalars.set(node, result)
      }
    }
    // States may take over each other's old values: all are looked up before any is overwritten.
    const values = this.moves.map(({ from }) => Float32Array.from(valuesOf(from)))
    for (const [i, { to }] of this.moves.entries()) to.set(values[i])
  }

  dispose(): void {
    this.runner.dispose()
  }

  private run({ index, pass }: Extract<Step, { kind: 'pass' }>, scalarOf: (node: Node) => number): void {
    const [first] = pass.results
    this.runner.run({
      index,
      turns: Math.ceil(sizeOf(first.shape) / VALUES_A_TURN),
      addresses: [...pass.arrays, ...pass.results].map((node) => this.places.get(node)!.address),
      scalars: pass.scalars.map(scalarOf),
    })
  }
}

const nodesOf = (stage: Stage): readonly Node[] => (stage.kind === 'pass' ? stage.nodes : [stage.node])

/** What never leaves a compiled pass. */
function isTemporary(node: Node, stages: readonly Stage[]): boolean {
  return stages.some((stage) => stage.kind === 'pass' && canCompile(stage) && stage.temporaries.has(node))
}

/**
 * The nodes whose values go in another's place: over the state whose next value they are, or over a gradient that nobody
 * reads later. Each element is read before it is written, so what the same pass reads earlier does not count.
 */
function placesShared({ state }: Program, stages: readonly Stage[]): [Node, Node][] {
  const next = Object.values(state)
  const isReadAfter = (candidate: Node, node: Node, at: number) => {
    const own = nodesOf(stages[at])
    const later = [...own.slice(own.indexOf(node) + 1), ...stages.slice(at + 1).flatMap(nodesOf)]
    return (
      later.some(({ inputs }) => inputs.includes(candidate)) || next.some((variable) => variable.next === candidate)
    )
  }
  const taken = new Set<Node>()
  return stages.flatMap((stage, at) =>
    nodesOf(stage).flatMap((node): [Node, Node][] => {
      const variable = next.find((each) => each.next === node)
      const candidates = variable
        ? [variable.current]
        : node.inputs.filter(({ op, shape }) => op === 'input' && shape.length > 0)
      const free = candidates.find((each) => !taken.has(each) && !isReadAfter(each, node, at))
      if (!free || node.shape.length === 0 || isTemporary(node, stages)) return []
      taken.add(free)
      return [[node, free]]
    }),
  )
}
