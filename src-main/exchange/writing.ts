import { JaccardError, messageOf } from '#core/errors'

/**
 * Writes something into a folder, and says what went wrong in one sentence.
 *
 * @param what `masks`, `report`: what is written.
 * @throws JaccardError `disk-full`, `read-only`, otherwise `bad-input`; what `write` itself throws as one is thrown on.
 */
export async function writing<T>(folder: string, what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (cause) {
    if (cause instanceof JaccardError) throw cause
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOSPC') {
      throw new JaccardError(
        'disk-full',
        `The disk is full, so the ${what} could not be written in full to "${folder}"; free some space and try again.`,
        { cause }
      )
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new JaccardError(
        'read-only',
        `"${folder}" cannot be written to; choose another folder for the ${what}.`,
        { cause }
      )
    }
    throw new JaccardError(
      'bad-input',
      `The ${what} could not be written to "${folder}": ${messageOf(cause)}.`,
      { cause }
    )
  }
}
