import type { ImageState, MaskChange, MaskContent, StrokeInput, TilePatch } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { countPatch, decodeMask, encodeCounted, type CountedTile } from '#core/mask/codec'
import type { Mask } from '#core/mask/tiles'
import { getImage, getImageSummary, type ImageRecord } from './images'
import type { Project } from './project'

/** How far back undo reaches, in edits per image. */
export const MAX_EDITS = 500

type TileData = TilePatch['data']

/**
 * An image's mask, its tiles encoded.
 *
 * @throws JaccardError `not-found`
 */
export function readMask(project: Project, imageId: number): MaskContent {
  // The revision first: should another process write in between, the next stroke finds out.
  const { width, height, revision } = getImage(project, imageId)
  return { width, height, revision, tiles: tilesOf(project, imageId), ...historyOf(project, imageId) }
}

/**
 * An image's mask for computing with.
 *
 * @throws JaccardError `not-found`, or `bad-input` where a tile is damaged
 */
export function loadMask(project: Project, imageId: number): Mask {
  const { width, height } = getImage(project, imageId)
  return decodeMask(width, height, tilesOf(project, imageId))
}

function tilesOf(project: Project, imageId: number): TilePatch[] {
  return project.all<TilePatch>(
    'SELECT tile AS "index", data FROM mask_tile WHERE image_id = ? ORDER BY tile',
    imageId
  )
}

function historyOf(project: Project, imageId: number): { canUndo: boolean; canRedo: boolean } {
  const has = (undone: number) =>
    project.get('SELECT 1 FROM edit WHERE image_id = ? AND undone = ? LIMIT 1', imageId, undone) !== undefined
  return { canUndo: has(0), canRedo: has(1) }
}

/**
 * Saves a stroke as one edit: on return it is on the disk, and can be undone. What was undone before is forgotten.
 * Paint makes an untouched image one in progress, and so a confirmed empty one that gets foreground. A stroke that
 * changes nothing leaves everything as it was.
 *
 * @throws JaccardError `conflict` if the mask is no longer at the stroke's revision, `bad-input` for damaged tiles;
 *   nothing is saved then.
 */
export function commitStroke(project: Project, stroke: StrokeInput): MaskChange {
  return project.transaction(() => {
    const image = getImage(project, stroke.imageId)
    if (image.revision !== stroke.revision) {
      throw new JaccardError(
        'conflict',
        `The mask of "${image.name}" was changed elsewhere, so this stroke was not saved; load the image again.`
      )
    }
    const sent = new Map(stroke.tiles.map((patch) => [patch.index, tileOf(image, patch)]))
    return commitEdit(project, image, stroke.tool, [...sent.values()])
  })
}

/**
 * Replaces a whole mask, as one edit that can be undone.
 *
 * @param options.state The image's state from then on; without it, as after a stroke.
 * @throws JaccardError `bad-input` for a mask of another size than the image's
 */
export function replaceMask(
  project: Project,
  imageId: number,
  mask: Mask,
  options: { tool: string; state?: ImageState }
): MaskChange {
  const { width, height } = mask
  return replaceTiles(project, imageId, { width, height, tiles: encodeCounted(mask) }, options)
}

/**
 * As `replaceMask`, with a mask that is encoded already.
 *
 * @param mask `tiles` by `encodeCounted`.
 */
export function replaceTiles(
  project: Project,
  imageId: number,
  mask: { width: number; height: number; tiles: CountedTile[] },
  options: { tool: string; state?: ImageState }
): MaskChange {
  return project.transaction(() => {
    const image = getImage(project, imageId)
    if (mask.width !== image.width || mask.height !== image.height) {
      throw new JaccardError(
        'bad-input',
        `The mask for "${image.name}" is ${mask.width} × ${mask.height} pixels, ` +
          `the image ${image.width} × ${image.height}; use a mask of the image's size.`
      )
    }
    const after = new Map<number, CountedTile>()
    for (const { index } of tilesOf(project, imageId)) {
      after.set(index, { index, data: null, foreground: 0, unknown: 0 })
    }
    for (const tile of mask.tiles) after.set(tile.index, tile)
    return commitEdit(project, image, options.tool, [...after.values()], options.state)
  })
}

/** Whether an image's mask is this one already. @param tiles By `encodeMask`. */
export function hasTiles(project: Project, imageId: number, tiles: TilePatch[]): boolean {
  const present = tilesOf(project, imageId)
  return (
    present.length === tiles.length &&
    present.every(({ index, data }, i) => index === tiles[i]!.index && isEqual(data, tiles[i]!.data))
  )
}

/** Takes the last edit back, with the image's state if that edit changed it; without one, changes nothing. */
export function undo(project: Project, imageId: number): MaskChange {
  return step(project, imageId, 'undo')
}

/** Does the last undone edit again; without one, changes nothing. */
export function redo(project: Project, imageId: number): MaskChange {
  return step(project, imageId, 'redo')
}

function step(project: Project, imageId: number, direction: 'undo' | 'redo'): MaskChange {
  return project.transaction(() => {
    const image = getImage(project, imageId)
    const edit = project.get<{ id: number; before: ImageState; after: ImageState }>(
      `SELECT id, state_before AS before, state_after AS after FROM edit WHERE image_id = ? AND undone = ?
       ORDER BY id ${direction === 'undo' ? 'DESC' : 'ASC'} LIMIT 1`,
      imageId,
      direction === 'undo' ? 0 : 1
    )
    if (!edit) return changeOf(project, imageId, [])
    const tiles = project
      .all<TilePatch>(
        `SELECT tile AS "index", ${direction === 'undo' ? 'before' : 'after'} AS data FROM edit_tile
         WHERE edit_id = ? ORDER BY tile`,
        edit.id
      )
      .map((patch) => tileOf(image, patch))
    const [from, to] = direction === 'undo' ? [edit.after, edit.before] : [edit.before, edit.after]
    project.run('UPDATE edit SET undone = 1 - undone WHERE id = ?', edit.id)
    // What the person has decided about the image since then stands.
    return writeTiles(project, image, tiles, image.state === from ? to : image.state)
  })
}

function commitEdit(
  project: Project,
  image: ImageRecord,
  tool: string,
  tiles: CountedTile[],
  state?: ImageState
): MaskChange {
  const changes = tiles
    .map((tile) => ({ ...tile, before: dataOf(project, image.id, tile.index) }))
    .filter(({ before, data }) => !isEqual(before, data))
  const stateAfter = state ?? (image.state === 'untouched' && changes.length ? 'in-progress' : image.state)
  if (changes.length === 0 && stateAfter === image.state) return changeOf(project, image.id, [])

  project.run('DELETE FROM edit WHERE image_id = ? AND undone = 1', image.id)
  const change = writeTiles(project, image, changes, stateAfter)
  const { lastInsertRowid } = project.run(
    'INSERT INTO edit (image_id, tool, state_before, state_after, made_at) VALUES (?, ?, ?, ?, ?)',
    image.id,
    tool,
    image.state,
    change.image.state,
    new Date().toISOString()
  )
  for (const { index, before, data } of changes) {
    project.run(
      'INSERT INTO edit_tile (edit_id, tile, before, after) VALUES (?, ?, ?, ?)',
      Number(lastInsertRowid),
      index,
      before,
      data
    )
  }
  project.run(
    `DELETE FROM edit WHERE image_id = :id AND undone = 0 AND id <=
      (SELECT id FROM edit WHERE image_id = :id AND undone = 0 ORDER BY id DESC LIMIT 1 OFFSET ${MAX_EDITS})`,
    { id: image.id }
  )
  return { ...change, canUndo: true }
}

/** Checks a tile from outside and counts what it holds; `data` is null exactly if that is all background. */
function tileOf(image: ImageRecord, { index, data }: TilePatch): CountedTile {
  const counts = countPatch({ index, data }, image.width, image.height)
  return { index, data: counts.foreground + counts.unknown > 0 ? data : null, ...counts }
}

function dataOf(project: Project, imageId: number, index: number): TileData {
  const row = project.get<{ data: TileData }>(
    'SELECT data FROM mask_tile WHERE image_id = ? AND tile = ?',
    imageId,
    index
  )
  return row?.data ?? null
}

function isEqual(a: TileData, b: TileData): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}

/** Puts tiles into an image's mask and moves its revision on. Confirmed empty does not outlive foreground. */
function writeTiles(
  project: Project,
  image: ImageRecord,
  tiles: CountedTile[],
  state: ImageState
): MaskChange {
  if (image.erased) {
    throw new JaccardError('not-found', `"${image.name}" was deleted for good, so its mask cannot change.`)
  }
  for (const { index, data, foreground, unknown } of tiles) {
    if (data === null) {
      project.run('DELETE FROM mask_tile WHERE image_id = ? AND tile = ?', image.id, index)
    } else {
      project.run(
        `INSERT INTO mask_tile (image_id, tile, data, foreground, unknown)
         VALUES (:id, :index, :data, :foreground, :unknown)
         ON CONFLICT (image_id, tile) DO UPDATE
         SET data = excluded.data, foreground = excluded.foreground, unknown = excluded.unknown`,
        { id: image.id, index, data, foreground, unknown }
      )
    }
  }
  project.run(
    `UPDATE image SET revision = revision + 1, state = CASE
       WHEN :state = 'confirmed-empty'
         AND EXISTS (SELECT 1 FROM mask_tile WHERE image_id = :id AND foreground > 0) THEN 'in-progress'
       ELSE :state END
     WHERE id = :id`,
    { id: image.id, state }
  )
  return changeOf(
    project,
    image.id,
    tiles.map(({ index, data }) => ({ index, data }))
  )
}

function changeOf(project: Project, imageId: number, tiles: TilePatch[]): MaskChange {
  const image = getImageSummary(project, imageId)
  return { revision: image.revision, tiles, ...historyOf(project, imageId), image }
}
