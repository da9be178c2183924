import type { ImageSummary } from '#core/api/values'

/** The list with fresh summaries in place of the stale ones, whose images may be gone; new ones come last. */
export function merged(
  images: ImageSummary[],
  stale: ReadonlySet<number>,
  fresh: ImageSummary[]
): ImageSummary[] {
  const byId = new Map(fresh.map((summary) => [summary.id, summary]))
  const kept = images.flatMap((image) => {
    const summary = stale.has(image.id) ? byId.get(image.id) : image
    byId.delete(image.id)
    return summary ?? []
  })
  return [...kept, ...byId.values()].sort((a, b) => a.id - b.id)
}
