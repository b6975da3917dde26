import { AlexNetError } from '../errors.js'
import { didYouMean } from '../suggest.js'
import type { Device } from './device.js'
import type { Engine, Precision } from './engine.js'

/** An engine on a device: something to choose, whether or not it runs on the machine at hand. */
export interface EngineKind {
  readonly name: string
  readonly device: Device
  readonly about: string
  /** What it computes in, on a machine that can. */
  readonly precisions: readonly Precision[]
}

/** Every engine on every device, the fastest first. */
export const engineKinds = [
  {
    name: 'onednn',
    device: 'cpu',
    about: "oneDNN, the system's library of processor kernels",
    precisions: ['float32', 'bfloat16'],
  },
  { name: 'onnx', device: 'cpu', about: 'ONNX Runtime on the processor', precisions: ['float32'] },
  {
    name: 'reference',
    device: 'cpu',
    about: 'plain loops in float64: the specification, for tests and for reading',
    precisions: ['float32'],
  },
  {
    name: 'onnx',
    device: 'webgpu',
    about: 'ONNX Runtime on the graphics processor, by --device webgpu',
    precisions: ['float32'],
  },
] as const satisfies readonly EngineKind[]

export type EngineName = (typeof engineKinds)[number]['name']

export const engineNames: readonly EngineName[] = [...new Set(engineKinds.map(({ name }) => name))]

/** What was found of an engine on this machine: the engine itself, or why it cannot run here. */
export interface EngineOffer extends EngineKind {
  /** What it computes in here. */
  readonly precisions: readonly Precision[]
  /** What was found: a version, say. */
  readonly found?: string
  /** Why it cannot run here, in one line. */
  readonly problem?: string
  /** What would make it run. */
  readonly hint?: string
  readonly engine?: Engine
}

/**
 * An engine by its name, on a device.
 * @throws AlexNetError `unknown-name`, or `invalid-setting` for an engine that does not compute on the device.
 */
export function engineKind(name: string, device: Device): (typeof engineKinds)[number] {
  const known = engineKinds.find((kind) => kind.name === name && kind.device === device)
  if (known) return known
  const devices = engineKinds.filter((kind) => kind.name === name).map((kind) => kind.device)
  if (devices.length === 0)
    throw new AlexNetError('unknown-name', `there is no engine '${name}'`, didYouMean(name, ['auto', ...engineNames]))
  const others = engineKinds.filter((kind) => kind.device === device)
  throw new AlexNetError(
    'invalid-setting',
    `the engine ${name} does not compute on ${device}, only on ${devices.join(' and ')}`,
    `${others.map((other) => `\`--engine ${other.name}\``).join(' or ')} does.`,
  )
}

/**
 * Asks an engine for a precision, before anything depends on the answer.
 * @throws AlexNetError `invalid-setting` when it does not have it here.
 */
export function expectPrecision({ name, precisions }: Engine, precision: Precision = 'float32'): void {
  if (precisions.includes(precision)) return
  const able = engineKinds.filter((kind: EngineKind) => kind.precisions.includes(precision)).map((kind) => kind.name)
  // `auto` has what the first engine here has.
  if (name === 'auto' || able.some((other) => other === name))
    throw new AlexNetError(
      'invalid-setting',
      `${name}: this processor does not compute in ${precision}`,
      '`alexnet doctor` shows what it has. Use `--precision float32`.',
    )
  throw new AlexNetError(
    'invalid-setting',
    `the engine ${name} has no precision ${precision}, only ${precisions.join(' and ')}`,
    `${able.map((other) => `\`--engine ${other}\``).join(' or ')} has it.`,
  )
}
