import { connectedComponents } from '../components'

/**
 * Fills holes: background that foreground encloses, so that no way over the sides of pixels leads from it to the
 * image's edge.
 *
 * @param binary `[height, width]`, 0 or 1.
 * @param largest Holes with more pixels stay.
 */
export function fillHoles(binary: Uint8Array, width: number, height: number, largest = Infinity): Uint8Array {
  const filled = binary.slice()
  /** 1 where a hole or the outside has been looked at. */
  const seen = binary.slice()
  const part = new Int32Array(width * height)
  for (let start = 0; start < seen.length; start++) {
    if (seen[start]) continue
    let pixels = 0
    let isOpen = false
    const take = (at: number) => {
      if (seen[at]) return
      seen[at] = 1
      part[pixels++] = at
    }
    take(start)
    for (let i = 0; i < pixels; i++) {
      const at = part[i]!
      const x = at % width
      if (x === 0 || x === width - 1 || at < width || at + width >= seen.length) isOpen = true
      if (x > 0) take(at - 1)
      if (x + 1 < width) take(at + 1)
      if (at >= width) take(at - width)
      if (at + width < seen.length) take(at + width)
    }
    if (!isOpen && pixels <= largest) for (let i = 0; i < pixels; i++) filled[part[i]!] = 1
  }
  return filled
}

/**
 * Removes specks: connected parts of the foreground (over sides and corners) with fewer pixels than `smallest`.
 *
 * @param binary `[height, width]`, 0 or 1.
 */
export function removeSpecks(
  binary: Uint8Array,
  width: number,
  height: number,
  smallest: number
): Uint8Array {
  const { labels, sizes } = connectedComponents(binary, width, height)
  const kept = binary.slice()
  for (let at = 0; at < kept.length; at++) {
    if (labels[at] && sizes[labels[at]! - 1]! < smallest) kept[at] = 0
  }
  return kept
}
