import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { JaccardError } from '#core/errors'
import { writing } from './writing'

/**
 * Makes a folder for masks.
 *
 * @param names Files that are going to be written into it.
 * @throws JaccardError `conflict` if one of them is there already, and as `writing` does.
 */
export async function makeMaskFolder(folder: string, names: string[]): Promise<void> {
  const present = names.find((name) => existsSync(join(folder, name)))
  if (present !== undefined) {
    throw new JaccardError(
      'conflict',
      `"${join(folder, present)}" exists already and is not replaced; choose an empty folder for the masks.`
    )
  }
  await writing(folder, 'masks', () => mkdir(folder, { recursive: true }))
}

/** @throws JaccardError `cancelled` */
export function throwIfExportCancelled(signal: AbortSignal | undefined, folder: string): void {
  if (signal?.aborted) throw new JaccardError('cancelled', `The export to "${folder}" was cancelled.`)
}
