/**
 * Every failure that a user can cause or cure.
 *
 * `message` is one line that says what is wrong, what was expected and what was found; `hint` says what to do.
 * `code` is stable: programs may branch on it. Anything else that is thrown is a bug.
 *
 * @example
 * throw new AlexNetError('unknown-name', "there is no model 'alexnt'", "Did you mean 'alexnet'?")
 */
export class AlexNetError extends Error {
  override readonly name = 'AlexNetError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

export type ErrorCode =
  | 'usage' // the command line itself is wrong (exit code 2)
  | 'invalid-shape' // an operator or layer does not fit its input
  | 'invalid-program' // a graph that breaks its own rules
  | 'invalid-setting' // a hyper-parameter or recipe value out of range
  | 'unknown-name' // a model, recipe, engine, data set or key that does not exist
  | 'missing-data' // a file or folder that should be there
  | 'corrupt-data' // a file whose bytes are not what they should be
  | 'download-failed'
  | 'invalid-image'
  | 'incompatible-state' // a checkpoint that does not belong to this model
  | 'run-exists' // the output folder holds a run already
  | 'not-writable'
  | 'diverged' // the loss is no longer a number
  | 'engine-unavailable'
  | 'engine-failed'
  | 'cannot-listen' // an address or port that a server cannot have

/** The message of anything thrown, for wrapping a library's error in one of ours. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
