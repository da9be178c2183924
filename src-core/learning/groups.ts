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

/** Two images, by id, that must not be separated. */
export type Bond = readonly [a: number, b: number]

/**
 * The smallest sets of images in which all bonds are inside, in the order of their first images.
 *
 * @param ids Every image once.
 * @param bonds Between some of them.
 */
export function bondedSets(ids: readonly number[], bonds: Iterable<Bond>): number[][] {
  const parents = new Map(ids.map((id) => [id, id]))
  const rootOf = (id: number): number => {
    let root = id
    while (parents.get(root) !== root) root = parents.get(root)!
    // Shortens the way for the next one who asks.
    for (let at = id; at !== root;) {
      const next = parents.get(at)!
      parents.set(at, root)
      at = next
    }
    return root
  }
  for (const [a, b] of bonds) parents.set(rootOf(a), rootOf(b))
  const sets = new Map<number, number[]>()
  for (const id of ids) {
    const root = rootOf(id)
    const set = sets.get(root)
    if (set) set.push(id)
    else sets.set(root, [id])
  }
  return [...sets.values()]
}
