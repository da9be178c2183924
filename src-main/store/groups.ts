import { isAlike, likeness, outlineOf } from '#core/learning/fingerprint'
import { bondedSets, createSets, groupName, type Bond, type Grouping, type Sets } from '#core/learning/groups'
import { stemOf } from '#main/exchange/names'
import type { ImageRecord } from './images'
import type { Project } from './project'

/** Two images that look alike, by id; the later one was found to be like the earlier one. */
export interface Likeness {
  image: number
  like: number
  /** Correlation of their outlines, up to 1. */
  likeness: number
}

/** Images that must be in one split together. */
export interface ImageGroup {
  images: ImageRecord[]
  /** The folders or prefixes that joined some of them. */
  names: string[]
  /** What joined others. */
  alike: Likeness[]
}

/**
 * All images in groups that must stay together: copies of the same bytes, images that look alike, and those that the
 * grouping puts together by name, in any combination.
 */
export function groupsOf(project: Project, images: readonly ImageRecord[], grouping: Grouping): ImageGroup[] {
  const alike = likenessesOf(project)
  const firstOf = new Map<string, number>()
  const bonds: Bond[] = alike.map(({ image, like }) => [image, like])
  const names = new Map<number, string>()
  for (const { id, sha, name } of images) {
    const group = groupName(stemOf(name), grouping)
    if (group !== null) names.set(id, group)
    for (const key of [`bytes ${sha}`, ...(group === null ? [] : [`name ${group}`])]) {
      const first = firstOf.get(key)
      if (first === undefined) firstOf.set(key, id)
      else bonds.push([first, id])
    }
  }
  const records = new Map(images.map((image) => [image.id, image]))
  const sets = bondedSets([...records.keys()], bonds)
  const setOf = new Map(sets.flatMap((set, index) => set.map((id) => [id, index] as const)))
  const alikeOf: Likeness[][] = sets.map(() => [])
  for (const found of alike) alikeOf[setOf.get(found.image)!]!.push(found)
  return sets.map((ids, index) => ({
    images: ids.map((id) => records.get(id)!),
    names: [...new Set(ids.flatMap((id) => names.get(id) ?? []))],
    alike: alikeOf[index]!
  }))
}

/** What is known of one project: comparing all with all is done once for each image. */
interface Known {
  outlines: Map<number, Float32Array>
  sets: Sets
  found: Likeness[]
}

const knownOf = new WeakMap<Project, Known>()

/** Of each set of images that look alike as few pairs as hold it together. */
function likenessesOf(project: Project): Likeness[] {
  const ids = project
    .all<{ id: number }>(
      'SELECT id FROM image WHERE fingerprint IS NOT NULL AND deleted_at IS NULL ORDER BY id'
    )
    .map(({ id }) => id)
  const present = new Set(ids)
  let known = knownOf.get(project)
  if (!known || [...known.outlines.keys()].some((id) => !present.has(id))) {
    known = { outlines: new Map(), sets: createSets(), found: [] }
    knownOf.set(project, known)
  }
  for (const id of ids) if (!known.outlines.has(id)) compare(project, known, id)
  return known.found
}

function compare(project: Project, { outlines, sets, found }: Known, image: number): void {
  const { fingerprint } = project.get<{ fingerprint: Uint8Array }>(
    'SELECT fingerprint FROM image WHERE id = ?',
    image
  )!
  const outline = outlineOf(fingerprint)
  const joined = new Set<number>()
  for (const [like, other] of outlines) {
    if (joined.has(sets.root(like)) || !isAlike(outline, other)) continue
    joined.add(sets.root(like))
    found.push({ image, like, likeness: likeness(outline, other) })
  }
  for (const root of joined) sets.join(image, root)
  outlines.set(image, outline)
}
