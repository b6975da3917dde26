import { AlexNetError, type ErrorCode } from '../errors.js'
import { isSource } from '../graph/ops/index.js'
import { allInputs, allState, type Program, type StateVariable } from '../graph/program.js'
import { type DType, formatShape, sameShape, sizeOf, type Tensor, type Tensors } from '../tensor.js'

/**
 * Checks that an engine knows what every node of a program is made by.
 * @param known Has a key for each operator that the engine knows.
 */
export function checkOperators(engine: string, { name, nodes, update }: Program, known: object): void {
  if (update) checkOperators(engine, update, known)
  for (const node of nodes)
    if (!isSource(node) && !Object.hasOwn(known, node.op))
      throw new AlexNetError(
        'invalid-program',
        `${name}: ${node.scope ? `${node.scope}: ` : ''}the engine ${engine} does not know the operator '${node.op}'`,
      )
}

/**
 * Checks a step's inputs against the program, so that no engine is handed memory of the wrong size. float64 passes for
 * float32 where `allowFloat64` is set (the reference engine).
 */
export function checkInputs(program: Program, inputs: Tensors, allowFloat64 = false): void {
  const expected = allInputs(program)
  for (const name of Object.keys(inputs))
    if (!Object.hasOwn(expected, name))
      throw new AlexNetError(
        'invalid-shape',
        `${program.name}: there is no input '${name}', expected ${Object.keys(expected).join(', ')}`,
      )
  for (const [name, node] of Object.entries(expected)) {
    const tensor = inputs[name]
    if (!tensor) throw new AlexNetError('invalid-shape', `${program.name}: the input '${name}' is missing`)
    const dtypes: DType[] = node.dtype === 'float32' && allowFloat64 ? ['float32', 'float64'] : [node.dtype]
    if (!sameShape(tensor.shape, node.shape) || !dtypes.includes(tensor.dtype))
      throw new AlexNetError(
        'invalid-shape',
        `${program.name}: input '${name}': expected ${node.dtype} ${formatShape(node.shape)}, got ${tensor.dtype} ${formatShape(tensor.shape)}`,
      )
    expectFull('invalid-shape', `${program.name}: input '${name}'`, tensor)
  }
}

/** The state variable of that name. */
export function stateVariable(program: Program, name: string): StateVariable {
  const state = allState(program)
  const variable = Object.hasOwn(state, name) ? state[name] : undefined
  if (!variable) throw new AlexNetError('incompatible-state', `${program.name}: there is no state '${name}'`)
  return variable
}

/** Checks tensors that are to become state: float32, known by name, of the right shape. */
export function checkState(program: Program, state: Tensors): void {
  for (const [name, tensor] of Object.entries(state)) {
    const { current } = stateVariable(program, name)
    if (tensor.dtype !== 'float32' || !sameShape(tensor.shape, current.shape))
      throw new AlexNetError(
        'incompatible-state',
        `state '${name}': expected float32 ${formatShape(current.shape)}, got ${tensor.dtype} ${formatShape(tensor.shape)}`,
      )
    expectFull('incompatible-state', `state '${name}'`, tensor)
  }
}

/** Checks that a tensor, which anyone may have put together, holds as many values as its shape says. */
function expectFull(code: ErrorCode, what: string, { shape, data }: Tensor): void {
  if (data.length !== sizeOf(shape))
    throw new AlexNetError(code, `${what}: ${formatShape(shape)} holds ${sizeOf(shape)} values, got ${data.length}`)
}
