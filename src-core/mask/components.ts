/** The connected parts of a binary mask. */
export interface Components {
  /** `[height, width]`, the number of the component that a pixel belongs to, from 1; 0 where there is none. */
  labels: Int32Array
  /** Pixels per component: `sizes[0]` is component 1's. */
  sizes: number[]
}

/**
 * Connected components with 8-connectivity: pixels that touch by a side or a corner belong together. Two passes
 * with union-find (Rosenfeld and Pfaltz 1966). Numbered in the order in which rows from the top meet them.
 *
 * @param binary `[height, width]`, nonzero is foreground.
 */
export function connectedComponents(binary: Uint8Array, width: number, height: number): Components {
  const labels = new Int32Array(width * height)
  const parents = [0]
  const rootOf = (label: number) => {
    let root = label
    while (parents[root] !== root) root = parents[root]!
    while (parents[label] !== root) {
      const next = parents[label]!
      parents[label] = root
      label = next
    }
    return root
  }
  /** The smaller root of both, so that roots keep the order in which they were met. */
  const union = (a: number, b: number) => {
    const [first, second] = [rootOf(a), rootOf(b)].sort((p, q) => p - q) as [number, number]
    parents[second] = first
    return first
  }

  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      if (!binary[at]) continue
      const above = at - width
      const left = x > 0 ? labels[at - 1]! : 0
      const aboveLeft = y > 0 && x > 0 ? labels[above - 1]! : 0
      const straightAbove = y > 0 ? labels[above]! : 0
      const aboveRight = y > 0 && x + 1 < width ? labels[above + 1]! : 0
      let label = left || aboveLeft || straightAbove
      // Of the neighbours met so far only the one above right need not yet be joined with the others.
      if (aboveRight) label = label && label !== aboveRight ? union(label, aboveRight) : aboveRight
      if (!label) {
        label = parents.length
        parents.push(label)
      }
      labels[at] = label
    }
  }

  const numbers = new Int32Array(parents.length)
  const sizes: number[] = []
  for (let at = 0; at < labels.length; at++) {
    if (!labels[at]) continue
    const root = rootOf(labels[at]!)
    if (!numbers[root]) numbers[root] = sizes.push(0)
    labels[at] = numbers[root]!
    sizes[labels[at]! - 1]!++
  }
  return { labels, sizes }
}
