import { createRandom } from '#core/learning/random'
import { FOREGROUND } from '#core/mask/values'

/** A label whose foreground is where `inside` says so of a pixel's centre. */
export function labelOf(
  width: number,
  height: number,
  inside: (x: number, y: number) => boolean
): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) =>
    inside((i % width) + 0.5, Math.floor(i / width) + 0.5) ? FOREGROUND : 0
  )
}

/** Discs of a diameter, one in the middle of each square of a grid. */
export function discs(size: number, diameter: number, distance: number): Uint8Array {
  const off = (z: number) => (z % distance) - distance / 2
  return labelOf(size, size, (x, y) => Math.hypot(off(x), off(y)) < diameter / 2)
}

/** Discs of a diameter that lie anywhere in the squares of a grid, so that no grid of pixels suits all of them. */
export function scattered(size: number, diameter: number, distance: number): Uint8Array {
  const random = createRandom(1, 'discs')
  const rows = Math.ceil(size / distance)
  const centres = Array.from({ length: rows * rows }, () => [random.uniform(), random.uniform()] as const)
  const room = distance - diameter - 2
  return labelOf(size, size, (x, y) => {
    const [column, row] = [Math.floor(x / distance), Math.floor(y / distance)]
    const [right, down] = centres[row * rows + column]!
    const margin = 1 + diameter / 2
    return (
      Math.hypot(x - column * distance - margin - right * room, y - row * distance - margin - down * room) <
      diameter / 2
    )
  })
}

/** Upright lines of a thickness. */
export function lines(size: number, thickness: number, distance: number): Uint8Array {
  return labelOf(size, size, (x, y) => x % distance < thickness && y > 8 && y < size - 8)
}
