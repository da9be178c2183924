import type { ImageState, ImageSummary, Split } from '#core/api/values'

/** Which images are shown; an image has to satisfy all of it. */
export interface Filter {
  /** Any of these; none of them means all. */
  states: readonly ImageState[]
  /** `none` are images without a split. */
  split: Split | 'none' | 'any'
  /** A part of the name, in small or capital letters. */
  name: string
}

export const NO_FILTER: Filter = { states: [], split: 'any', name: '' }

export const ORDERS = ['added', 'name', 'state'] as const
export type Order = (typeof ORDERS)[number]

/** The way of an image to its label. */
export const STATES: readonly ImageState[] = ['untouched', 'in-progress', 'complete', 'confirmed-empty']

export function isFiltering({ states, split, name }: Filter): boolean {
  return states.length > 0 || split !== 'any' || name.trim() !== ''
}

/** A test for one image after another. */
export function matcher({ states, split, name }: Filter): (image: ImageSummary) => boolean {
  const part = folded(name.trim())
  return (image) =>
    (states.length === 0 || states.includes(image.state)) &&
    (split === 'any' || (image.split ?? 'none') === split) &&
    (part === '' || folded(image.name).includes(part))
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** Images by state, of those that satisfy the rest of the filter: what choosing the state would show. */
export function countStates(images: readonly ImageSummary[], filter: Filter): Record<ImageState, number> {
  const counts = { untouched: 0, 'in-progress': 0, complete: 0, 'confirmed-empty': 0 }
  const isMatch = matcher({ ...filter, states: [] })
  for (const image of images) if (isMatch(image)) counts[image.state]++
  return counts
}

/**
 * The images to show, in their order. The one that the person is at stays among them: it shall not vanish under the
 * brush because painting has changed its state.
 *
 * @param images In the order in which they were added, which is also that of equal ones.
 * @param ranks Places by name, from `nameRanks`.
 */
export function selectImages(
  images: readonly ImageSummary[],
  filter: Filter,
  order: Order,
  currentId: number | null,
  ranks: (images: readonly ImageSummary[]) => ReadonlyMap<number, number>
): readonly ImageSummary[] {
  const isMatch = matcher(filter)
  const shown = isFiltering(filter)
    ? images.filter((image) => image.id === currentId || isMatch(image))
    : images
  if (order === 'added') return shown
  if (order === 'state') {
    return [...shown].sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || a.id - b.id)
  }
  const rankOf = ranks(images)
  return [...shown].sort((a, b) => rankOf.get(a.id)! - rankOf.get(b.id)!)
}

/**
 * Makes a function that ranks images by name as a person counts (2 before 10). Every stroke brings fresh summaries of
 * the same images, so the last ranks are kept as long as the images are the same.
 */
export function nameRanks(): (images: readonly ImageSummary[]) => ReadonlyMap<number, number> {
  const collator = new Intl.Collator(undefined, { numeric: true })
  let ranks = new Map<number, number>()
  return (images) => {
    if (images.length !== ranks.size || images.some(({ id }) => !ranks.has(id))) {
      const sorted = [...images].sort((a, b) => collator.compare(a.name, b.name) || a.id - b.id)
      ranks = new Map(sorted.map(({ id }, rank) => [id, rank]))
    }
    return ranks
  }
}

/** Where to go from an image that is removed with others: on to the next one that stays, at the end back. */
export function neighbourOfRemoved(
  images: readonly ImageSummary[],
  id: number,
  removed: readonly number[]
): number | null {
  const gone = new Set(removed)
  const at = images.findIndex((image) => image.id === id)
  const stays = (image: ImageSummary) => !gone.has(image.id)
  return (images.slice(at + 1).find(stays) ?? images.slice(0, Math.max(0, at)).findLast(stays))?.id ?? null
}
