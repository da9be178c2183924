import { fingerprintOf } from '#core/learning/fingerprint'
import { createRandom, type Random } from '#core/learning/random'
import type { Canvas, Colour, Illumination } from './canvas'
import { paintGround } from './ground'
import { bean, scrap, stain, twig, type Place, type Thing } from './things'

/** The colours that things come in, whether foreground or not. */
const COLOURS: Colour[] = [
  [0.3, 0.045, 0.035],
  [0.07, 0.055, 0.06],
  [0.52, 0.28, 0.1],
  [0.72, 0.6, 0.42],
  [0.2, 0.23, 0.08],
  [0.2, 0.23, 0.28],
  [0.38, 0.16, 0.11]
]

/** Half the length of a bean, and of the other things, in pixels. */
const LENGTHS: Record<'bean' | 'scrap' | 'twig' | 'stain', [least: number, most: number]> = {
  bean: [17, 38],
  scrap: [15, 34],
  twig: [40, 110],
  stain: [16, 34]
}

export interface PictureRequest {
  seed: number
  /** Pictures of one seed differ by their number. */
  index: number
  width: number
  height: number
  /** The share of pixels that shall be foreground, met to about half a bean. */
  foreground: number
}

/**
 * A picture like a photograph of beans on a table, with its exact mask: textured ground, one lamp from the side,
 * shadows, and things of the same colours that are no beans. Equal requests give equal bytes.
 *
 * @returns `rgb` `[height, width, 3]`, 0 to 255; `mask` `[height, width]`, 1 on beans; `fingerprint` of the picture.
 */
export function samplePicture({ seed, index, width, height, foreground }: PictureRequest): {
  rgb: Uint8Array
  mask: Uint8Array
  fingerprint: Uint8Array
} {
  const random = createRandom(seed, 'sample', index)
  const canvas: Canvas = {
    width,
    height,
    light: new Float32Array(width * height * 3),
    mask: new Uint8Array(width * height)
  }
  const illumination = illuminate(random)
  const colours = random.shuffle(COLOURS).slice(0, 2)
  const anyColour = () => colours[random.integer(colours.length)]!
  const anywhere = (): Place => ({ x: between(random, -8, width + 8), y: between(random, -8, height + 8) })
  const decoy = (
    make: (place: Place, size: number, colour: Colour, random: Random) => Thing,
    kind: keyof typeof LENGTHS
  ) => make(anywhere(), between(random, ...LENGTHS[kind]), anyColour(), random).paint(canvas, illumination)

  paintGround(canvas, illumination, random)
  for (let i = random.integer(3); i > 0; i--) decoy(stain, 'stain')
  for (let i = 1 + random.integer(4); i > 0; i--) decoy(scrap, 'scrap')
  for (let i = 1 + random.integer(3); i > 0; i--) decoy(twig, 'twig')

  const wanted = foreground * width * height
  const overlay = random.uniform() < 0.5 ? wanted * between(random, 0.3, 0.7) : Infinity
  let overlaid = false
  for (let covered = 0; ; covered = count(canvas.mask)) {
    if (covered > overlay && !overlaid) {
      decoy(twig, 'twig')
      overlaid = true
      continue
    }
    const next = bean(freePlace(canvas, anywhere), between(random, ...LENGTHS.bean), anyColour(), random)
    if (covered + next.area / 2 > wanted) break
    next.paint(canvas, illumination)
  }
  const rgb = photograph(canvas, random)
  return { rgb, mask: canvas.mask, fingerprint: fingerprintOf(rgb, width, height) }
}

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform()
}

function count(mask: Uint8Array): number {
  let ones = 0
  for (let i = 0; i < mask.length; i++) ones += mask[i]!
  return ones
}

/** A place that no bean covers yet, if a few tries find one: beans overlap, but do not bury each other. */
function freePlace({ width, height, mask }: Canvas, anywhere: () => Place): Place {
  let place = anywhere()
  for (let tries = 0; tries < 20; tries++) {
    const [x, y] = [Math.floor(place.x), Math.floor(place.y)]
    if (x < 0 || y < 0 || x >= width || y >= height || mask[y * width + x] === 0) break
    place = anywhere()
  }
  return place
}

/** A lamp from some side, warm or cool, and a weaker light of the other kind from everywhere. */
function illuminate(random: Random): Illumination {
  const turn = random.uniform() * 2 * Math.PI
  const elevation = between(random, 0.65, 1.15)
  const warmth = between(random, -0.12, 0.2)
  const brightness = between(random, 0.85, 1.25)
  const fill = between(random, 0.22, 0.4)
  return {
    direction: [
      Math.cos(turn) * Math.cos(elevation),
      Math.sin(turn) * Math.cos(elevation),
      Math.sin(elevation)
    ],
    lamp: [brightness * (1 + warmth), brightness, brightness * (1 - warmth)],
    ambient: [fill * (1 - warmth / 2), fill, fill * (1 + warmth / 2)]
  }
}

/** Bytes by amount of light, in steps fine enough for the darkest. */
const LEVELS = 65535
const GAMMA = Uint8Array.from({ length: LEVELS + 1 }, (_, i) => Math.round(255 * (i / LEVELS) ** (1 / 2.2)))

/** What a small camera makes of the light: uneven illumination, dark corners, softness, noise, 8 bits with gamma. */
function photograph({ width, height, light }: Canvas, random: Random): Uint8Array {
  const [lampX, lampY] = [between(random, 0.1, 0.9), between(random, 0.1, 0.9)]
  const falloff = between(random, 0.2, 0.7)
  const vignette = between(random, 0.15, 0.4)
  const soft = blur(light, width, height, between(random, 0.45, 0.8))
  const grain = between(random, 0.015, 0.034)
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height]
      const lamp = 1 / (1 + falloff * ((u - lampX) ** 2 + (v - lampY) ** 2) * 2)
      const corner = 1 - vignette * 2 * ((u - 0.5) ** 2 + (v - 0.5) ** 2)
      for (let c = 0; c < 3; c++) {
        const at = (y * width + x) * 3 + c
        const exposed = 1.1 * lamp * corner * soft[at]!
        // Highlights roll off instead of clipping; light itself is noisy, the more of it the more.
        const value = exposed / (1 + 0.18 * exposed * exposed)
        const noise = random.uniform() + random.uniform() - 1
        const noisy = value + grain * (0.25 + Math.sqrt(value)) * noise
        rgb[at] = GAMMA[Math.round(LEVELS * Math.min(1, Math.max(0, noisy)))]!
      }
    }
  }
  return rgb
}

/** A Gaussian blur of small width. */
function blur(light: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const side = Math.exp(-1 / (2 * sigma * sigma))
  const [middle, edge] = [1 / (1 + 2 * side), side / (1 + 2 * side)]
  const pass = (from: Float32Array, dx: number, dy: number) => {
    const to = new Float32Array(from.length)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const before = (Math.max(0, y - dy) * width + Math.max(0, x - dx)) * 3
        const after = (Math.min(height - 1, y + dy) * width + Math.min(width - 1, x + dx)) * 3
        const here = (y * width + x) * 3
        for (let c = 0; c < 3; c++) {
          to[here + c] = middle * from[here + c]! + edge * (from[before + c]! + from[after + c]!)
        }
      }
    }
    return to
  }
  return pass(pass(light, 1, 0), 0, 1)
}
