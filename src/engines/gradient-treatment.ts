import { AlexNetError, messageOf } from '../errors.js'

/** The values of a gradient where the engine keeps them: in its own order, which is the same at every step. */
export type GradientValues = Float32Array | Float64Array

/**
 * What is done to all gradients between backward and update, in place: by the names of their parameters. It works on
 * each value for itself, or on all of them alike (a sum over machines, a norm), since the order of the values within a
 * gradient is the engine's own, and there may be zeros between them.
 */
export type GradientTreatment = (gradients: Readonly<Record<string, GradientValues>>) => void

/**
 * The treatment that a module exports as `treatGradients`. It is loaded in the thread that computes, so a library that
 * wants all its calls from one thread (MPI) gets them.
 *
 * @throws AlexNetError `invalid-setting` when the module cannot be loaded or has no such export.
 */
export async function loadGradientTreatment(module: string): Promise<GradientTreatment> {
  const exported: unknown = await import(/* @vite-ignore */ module).catch((error: unknown) => {
    throw new AlexNetError('invalid-setting', `${module} cannot be loaded: ${messageOf(error)}`, undefined, {
      cause: error,
    })
  })
  const { treatGradients } = exported as { treatGradients?: unknown }
  if (typeof treatGradients !== 'function')
    throw new AlexNetError('invalid-setting', `${module} exports no function treatGradients`)
  return treatGradients as GradientTreatment
}
