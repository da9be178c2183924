/** Pixels of an image, or of a part of one: `[height, width, 4]`, red, green, blue, alpha, 0 to 255 each, sRGB. */
export interface Picture {
  width: number
  height: number
  data: Uint8ClampedArray
}

/** A picture in CIELAB, a plane each, `[height, width]`: lightness 0 to 100, a and b about −110 to 110. */
export interface LabPicture {
  width: number
  height: number
  planes: readonly [lightness: Float32Array, a: Float32Array, b: Float32Array]
}

/** sRGB bytes to linear light, 0 to 1 (IEC 61966-2-1). */
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

/** Entries of the table of the cube root below; between two the error in lightness stays below 0.01. */
const STEPS = 1 << 14

/** CIE 15: the cube root, with a straight line near 0; at i / STEPS. */
const CUBE_ROOT = Float32Array.from({ length: STEPS + 2 }, (_, i) => {
  const t = i / STEPS
  return t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29
})

function cubeRoot(t: number): number {
  const at = t * STEPS
  const below = Math.min(STEPS, at | 0)
  const low = CUBE_ROOT[below]!
  return low + (CUBE_ROOT[below + 1]! - low) * (at - below)
}

/** The picture in CIELAB under D65, where equal distances look about equally different. Alpha is ignored. */
export function toLab({ width, height, data }: Picture): LabPicture {
  const pixels = width * height
  const lightness = new Float32Array(pixels)
  const a = new Float32Array(pixels)
  const b = new Float32Array(pixels)
  for (let i = 0, at = 0; i < pixels; i++, at += 4) {
    const red = LINEAR[data[at]!]!
    const green = LINEAR[data[at + 1]!]!
    const blue = LINEAR[data[at + 2]!]!
    const x = cubeRoot((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047)
    const y = cubeRoot(0.2126729 * red + 0.7151522 * green + 0.072175 * blue)
    const z = cubeRoot((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883)
    lightness[i] = 116 * y - 16
    a[i] = 500 * (x - y)
    b[i] = 200 * (y - z)
  }
  return { width, height, planes: [lightness, a, b] }
}
