import { tilePath, type PictureTile } from '#core/picture/pyramid'

/** Where the tiles of an image are: asking there makes them, and each tile's address begins with it. */
export interface TileAddress {
  base: string
  query: string
}

/** The address that answers when all tiles of an image are made. */
export function preparingUrl({ base, query }: TileAddress): string {
  return base + query
}

export function tileUrl({ base, query }: TileAddress, tile: PictureTile): string {
  return `${base}/${tilePath(tile)}${query}`
}

/**
 * One tile, decoded beside the window's thread.
 *
 * @throws Error with the host's sentence, or the signal's reason.
 */
export async function loadTile(url: string, signal: AbortSignal | null = null): Promise<ImageBitmap> {
  const response = await fetch(url, { signal })
  if (!response.ok) throw new Error(await response.text())
  return createImageBitmap(await response.blob())
}
