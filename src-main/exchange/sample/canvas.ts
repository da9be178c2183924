/** Red, green and blue as light: linear, 1 is white. */
export type Colour = readonly [red: number, green: number, blue: number]

/** A picture while it is being painted. */
export interface Canvas {
  width: number
  height: number
  /** `[height, width, 3]`, linear light. */
  light: Float32Array
  /** `[height, width]`, 1 where a thing of the foreground is on top. */
  mask: Uint8Array
}

/** Where the light comes from, as a unit vector out of the picture: x to the right, y down, z to the viewer. */
export type Direction = readonly [x: number, y: number, z: number]

export interface Illumination {
  direction: Direction
  /** The colours of the lamp and of what comes from everywhere. */
  lamp: Colour
  ambient: Colour
}

/** Calls back for every pixel of the canvas within `reach` of a place, with the pixel's centre. */
export function forPixelsAround(
  { width, height }: Canvas,
  x: number,
  y: number,
  reach: number,
  paint: (index: number, x: number, y: number) => void
): void {
  const [left, right] = [Math.max(0, Math.floor(x - reach)), Math.min(width - 1, Math.ceil(x + reach))]
  const [top, bottom] = [Math.max(0, Math.floor(y - reach)), Math.min(height - 1, Math.ceil(y + reach))]
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) paint(row * width + column, column + 0.5, row + 0.5)
  }
}

/** Lets a share of what is there through. */
export function darken({ light }: Canvas, index: number, factor: number): void {
  for (let c = 0; c < 3; c++) light[index * 3 + c]! *= factor
}

/** Covers a share of a pixel with a colour; more than half of it decides the mask. */
export function cover(canvas: Canvas, index: number, share: number, colour: Colour, value: 0 | 1): void {
  const { light, mask } = canvas
  for (let c = 0; c < 3; c++) light[index * 3 + c]! += share * (colour[c]! - light[index * 3 + c]!)
  if (share > 0.5) mask[index] = value
}

/** What a matte surface sends back: its colour under the lamp at this angle (1 straight on) and the ambient light. */
export function lit(albedo: Colour, { lamp, ambient }: Illumination, facing: number, open = 1): Colour {
  const shade = (c: 0 | 1 | 2) => albedo[c] * (lamp[c] * Math.max(0, facing) + ambient[c] * open)
  return [shade(0), shade(1), shade(2)]
}

export function scaled([red, green, blue]: Colour, factor: number): Colour {
  return [red * factor, green * factor, blue * factor]
}

export function blended(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]
}
