/** How images that belong together are told by their names. */
export const GROUPINGS = ['none', 'folder', 'prefix'] as const
export type Grouping = (typeof GROUPINGS)[number]

/**
 * The group that an image's name puts it into, or null if it stands for itself.
 *
 * - `folder`: the folder that the image is in, below the one that was imported; none directly in that.
 * - `prefix`: the name up to its last separator, a run of `_`, `-` and spaces with something on either side; where
 *   there is none, the name without the digits at its end. The folder belongs to it: `a/cell_1` and `b/cell_2` are of
 *   different groups.
 *
 * @param stem The image's name with its folders, `/` between them, without extension.
 */
export function groupName(stem: string, grouping: Grouping): string | null {
  if (grouping === 'none') return null
  const slash = stem.lastIndexOf('/') + 1
  const folder = stem.slice(0, slash)
  if (grouping === 'folder') return folder === '' ? null : folder.slice(0, -1)
  const name = stem.slice(slash)
  const prefix = /^(.*[^_\- ])[_\- ]+[^_\- ]+$/.exec(name)?.[1] ?? /^(.*[^\d_\- ])\d+$/.exec(name)?.[1]
  return prefix === undefined ? null : folder + prefix
}

/** Sets that grow together (union and find). */
export interface Sets {
  /** What stands for the set that a member is in; of one that nobody joined, itself. */
  root(id: number): number
  join(a: number, b: number): void
}

export function createSets(): Sets {
  const parents = new Map<number, number>()
  function root(id: number): number {
    let top = id
    for (let parent = parents.get(top); parent !== undefined; parent = parents.get(top)) top = parent
    // Shortens the way for the next one who asks.
    for (let at = id; at !== top;) {
      const next = parents.get(at)!
      parents.set(at, top)
      at = next
    }
    return top
  }
  return {
    root,
    join(a, b) {
      const [first, second] = [root(a), root(b)]
      if (first !== second) parents.set(first, second)
    }
  }
}

/** Two images, by id, that must not be separated. */
export type Bond = readonly [a: number, b: number]

/**
 * The smallest sets of images in which all bonds are inside, in the order of their first images.
 *
 * @param ids Every image once.
 * @param bonds Between some of them.
 */
export function bondedSets(ids: readonly number[], bonds: Iterable<Bond>): number[][] {
  const sets = createSets()
  for (const [a, b] of bonds) sets.join(a, b)
  const members = new Map<number, number[]>()
  for (const id of ids) {
    const root = sets.root(id)
    const set = members.get(root)
    if (set) set.push(id)
    else members.set(root, [id])
  }
  return [...members.values()]
}
