import type { DeletedImage } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { countBin, getImage, getImageSummary } from './images'
import type { Project } from './project'

/**
 * Puts images into the bin: no list shows them and nothing trains on them, but their masks, undo steps and predictions
 * stay. One that is there already stays there.
 *
 * @throws JaccardError `not-found`; nothing is deleted then.
 */
export function deleteImages(project: Project, ids: readonly number[]): void {
  const now = new Date().toISOString()
  project.transaction(() => {
    for (const id of ids) {
      getImage(project, id)
      project.run('UPDATE image SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL', now, id)
    }
  })
}

/**
 * Takes images out of the bin, as they were.
 *
 * @throws JaccardError `not-found` for one that is gone for good; nothing is restored then.
 */
export function restoreImages(project: Project, ids: readonly number[]): void {
  project.transaction(() => {
    for (const id of ids) {
      const { name, erased } = getImage(project, id)
      if (erased) {
        throw new JaccardError('not-found', `"${name}" was deleted for good; add its file again.`)
      }
      project.run('UPDATE image SET deleted_at = NULL WHERE id = ?', id)
    }
  })
}

/** What is in the bin, the latest first. */
export function listBin(project: Project): DeletedImage[] {
  return project
    .all<{ id: number; deletedAt: string }>(
      `SELECT id, deleted_at AS deletedAt FROM image WHERE deleted_at IS NOT NULL AND erased = 0
       ORDER BY deleted_at DESC, id DESC`
    )
    .map(({ id, deletedAt }) => ({ ...getImageSummary(project, id), deletedAt }))
}

/** The image in the bin that is this page of these bytes, if one is. */
export function findInBin(project: Project, sha: string, page = 0): number | null {
  const row = project.get<{ id: number }>(
    'SELECT id FROM image WHERE sha = ? AND page = ? AND deleted_at IS NOT NULL AND erased = 0 ORDER BY id LIMIT 1',
    sha,
    page
  )
  return row?.id ?? null
}

/**
 * Deletes for good what is in the bin: bytes, masks, undo steps and predictions. Of images that runs or races have
 * learned from or were judged by, name, size and hash stay with these. The file keeps its size and fills the room with
 * what comes next.
 *
 * @returns How many images are gone.
 */
export function emptyBin(project: Project): number {
  return project.transaction(() => {
    const count = countBin(project)
    const binned = 'SELECT id FROM image WHERE deleted_at IS NOT NULL AND erased = 0'
    for (const table of ['mask_tile', 'edit', 'prediction']) {
      project.run(`DELETE FROM ${table} WHERE image_id IN (${binned})`)
    }
    project.run('UPDATE image SET erased = 1, fingerprint = NULL WHERE deleted_at IS NOT NULL')
    project.run(
      `DELETE FROM image WHERE erased = 1 AND id NOT IN (SELECT image_id FROM run_image)
       AND id NOT IN (SELECT image_id FROM race_image)`
    )
    project.run('DELETE FROM blob WHERE sha NOT IN (SELECT sha FROM image WHERE erased = 0)')
    return count
  })
}
