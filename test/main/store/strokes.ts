import { createRandom } from '#core/learning/random'
import { beginStroke, changedTiles, type Stroke } from '#core/mask/paint'
import { paintSegment } from '#core/mask/segment'
import type { Mask } from '#core/mask/tiles'
import type { MaskValue } from '#core/mask/values'
import type { MaskChange } from '#core/api/values'
import { commitStroke } from '#main/store/masks'
import type { Project } from '#main/store/project'

/** Paints the stroke that follows a revision: always the same one, so that a mask can be painted again. */
export function paintStroke(mask: Mask, revision: number): Stroke {
  const random = createRandom(revision, 'stroke')
  const place = () => ({ x: random.uniform() * mask.width, y: random.uniform() * mask.height })
  const stroke = beginStroke()
  // Until a stroke has an effect: one without is no edit and has no revision.
  while (changedTiles(mask, stroke).length === 0) {
    paintSegment(mask, stroke, place(), place(), 3 + random.uniform() * 40, random.integer(3) as MaskValue)
  }
  return stroke
}

/** Paints the stroke that follows a revision, and saves it. */
export function saveStroke(project: Project, imageId: number, mask: Mask, revision: number): MaskChange {
  const tiles = changedTiles(mask, paintStroke(mask, revision))
  return commitStroke(project, { imageId, revision, tool: 'brush', tiles })
}
