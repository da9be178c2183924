export const ERROR_CODES = [
  'bad-input',
  'not-found',
  'conflict',
  'read-only',
  'disk-full',
  'newer-version',
  'missing-part',
  'cancelled',
  'training-failed',
  'usage'
] as const

/** Why something failed, for the code that has to react to it. The message is for the person. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/**
 * An expected failure. Made once, where the fault is known; `message` is one sentence that says what failed,
 * which file it concerns and what to do, and is shown to the person as it stands.
 */
export class JaccardError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'JaccardError'
    this.code = code
  }
}

/** The sentence to show for anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
