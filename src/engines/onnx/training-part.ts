import type { Program } from '../../graph/program.js'

/** The output that holds the gradient of a parameter. */
export const gradientOutput = (parameter: string): string => `gradient of ${parameter}`

/** The part of a program that the library runs: its gradients are outputs among others. */
export function withGradientsAsOutputs({ update: _, gradients = {}, ...program }: Program): Program {
  const outputs = Object.entries(gradients).map(([name, node]) => [gradientOutput(name), node] as const)
  return { ...program, gradients, outputs: { ...program.outputs, ...Object.fromEntries(outputs) } }
}
