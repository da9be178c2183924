import { JaccardError } from '#core/errors'
import { verifyPixels } from '#main/images/decode'
import { openImage } from '#main/images/open'
import { POOL_SIZE } from '#main/images/pool.node'
import { imagesWithoutFingerprint, readImageFile, setFingerprint } from '#main/store/images'
import type { Project } from '#main/store/project'
import { inOrder } from '#main/training/inOrder'

/**
 * Finds out what the labelled images look like that were added before that was kept. One that cannot be read now
 * is left for another time.
 *
 * @returns How many images are known now that were not before.
 */
export async function addMissingFingerprints(project: Project, signal: AbortSignal): Promise<number> {
  if (project.readOnly) return 0
  const examine = async (id: number): Promise<{ id: number; fingerprint: Uint8Array | null }> => {
    try {
      const image = await openImage(await readImageFile(project, id))
      return { id, fingerprint: (await verifyPixels(image)).fingerprint }
    } catch (error) {
      if (error instanceof JaccardError) return { id, fingerprint: null }
      throw error
    }
  }
  let added = 0
  for await (const { id, fingerprint } of inOrder(
    imagesWithoutFingerprint(project),
    POOL_SIZE + 1,
    examine
  )) {
    if (signal.aborted) break
    if (fingerprint === null) continue
    setFingerprint(project, id, fingerprint)
    added++
  }
  return added
}
