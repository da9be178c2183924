import type { ImageState, ImageSummary } from '#core/api/values'

/** An image that still waits for its label. */
export function isUnfinished({ state }: { state: ImageState }): boolean {
  return state === 'untouched' || state === 'in-progress'
}

/** The image `steps` further in the list; stays at its ends. Without a current image the first. */
export function neighbour(
  images: readonly ImageSummary[],
  id: number | null,
  steps: number
): ImageSummary | null {
  const at = images.findIndex((image) => image.id === id)
  if (at < 0) return images[0] ?? null
  return images[Math.min(images.length - 1, Math.max(0, at + steps))] ?? null
}

/** The first few unfinished images after one. */
export function unfinishedAfter(images: readonly ImageSummary[], id: number, count: number): ImageSummary[] {
  const at = images.findIndex((image) => image.id === id)
  return images
    .slice(at + 1)
    .filter(isUnfinished)
    .slice(0, count)
}

/** The next unfinished image after the current one, from the start again after the end; null when all are done. */
export function nextUnfinished(images: readonly ImageSummary[], id: number | null): ImageSummary | null {
  const at = images.findIndex((image) => image.id === id)
  const inOrder = [...images.slice(at + 1), ...images.slice(0, Math.max(0, at))]
  return inOrder.find(isUnfinished) ?? null
}
