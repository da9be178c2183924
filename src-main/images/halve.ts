/**
 * A picture of half the width and height, rounded up: each pixel is the mean of the up to four that it covers, rounded.
 *
 * @param input.pixels `[height, width, channels]`
 * @returns `[⌈height / 2⌉, ⌈width / 2⌉, channels]`
 */
export function halve({
  pixels,
  width,
  height,
  channels
}: {
  pixels: Uint8Array<ArrayBuffer>
  width: number
  height: number
  channels: number
}): { pixels: Uint8Array<ArrayBuffer> } {
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const halved = new Uint8Array(columns * rows * channels)
  for (let y = 0, at = 0; y < rows; y++) {
    const top = 2 * y * width
    // A last row or column that has no partner counts twice.
    const bottom = Math.min(2 * y + 1, height - 1) * width
    for (let x = 0; x < columns; x++) {
      const left = 2 * x
      const right = Math.min(left + 1, width - 1)
      for (let c = 0; c < channels; c++, at++) {
        const sum =
          pixels[(top + left) * channels + c]! +
          pixels[(top + right) * channels + c]! +
          pixels[(bottom + left) * channels + c]! +
          pixels[(bottom + right) * channels + c]!
        halved[at] = (sum + 2) >> 2
      }
    }
  }
  return { pixels: halved }
}
