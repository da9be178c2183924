import type { Random } from '#core/learning/random'
import {
  blended,
  cover,
  darken,
  forPixelsAround,
  lit,
  scaled,
  type Canvas,
  type Colour,
  type Illumination
} from './canvas'
import { fractalNoise, smoothstep } from './noise'

/** Something that lies on the ground. */
export interface Thing {
  /** About how many pixels it covers. */
  area: number
  paint(canvas: Canvas, illumination: Illumination): void
}

export interface Place {
  x: number
  y: number
}

const seedOf = (random: Random) => random.integer(2 ** 31)
const between = (random: Random, low: number, high: number) => low + (high - low) * random.uniform()

/** The share of a pixel that lies inside of an edge, from the distance of its centre in pixels, inside negative. */
const coverage = (distance: number) => Math.min(1, Math.max(0, 0.5 - distance))

/** Colours do not repeat exactly from one thing to the next. */
function varied(colour: Colour, random: Random): Colour {
  const shade = between(random, 0.82, 1.18)
  const tint = between(random, -0.06, 0.06)
  return [colour[0] * shade * (1 + tint), colour[1] * shade, colour[2] * shade * (1 - tint)]
}

/**
 * The foreground: a smooth, rounded, glossy body between bean and pebble. Its outline is an ellipse, bent along its
 * length and with a few low waves; its height falls like a dome towards the outline.
 *
 * @param length Half of its length in pixels.
 */
export function bean({ x: cx, y: cy }: Place, length: number, colour: Colour, random: Random): Thing {
  const breadth = length * between(random, 0.58, 0.8)
  const bend = between(random, 0, 0.5)
  const turn = random.uniform() * 2 * Math.PI
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const waves = [1, 2, 3].map((power) => {
    const height = between(random, 0, 0.09) / power
    const phase = random.uniform() * 2 * Math.PI
    return { cos: height * Math.cos(phase), sin: height * Math.sin(phase) }
  })
  const albedo = varied(colour, random)
  const mottling = fractalNoise(seedOf(random), 9, 3)
  const spots = random.uniform() < 0.35 ? between(random, 0.5, 0.9) : 0
  const gloss = between(random, 0.25, 0.7)
  const shininess = between(random, 22, 70)
  const rise = 0.85 * breadth

  /** 0 in the middle, 1 on the outline. */
  function radius(x: number, y: number): number {
    const u = (cos * (x - cx) + sin * (y - cy)) / length
    const v = (-sin * (x - cx) + cos * (y - cy)) / breadth + bend * (u * u - 0.35)
    const distance = Math.sqrt(u * u + v * v)
    if (distance > 2 || distance === 0) return distance
    // Two, three and four waves around the outline, by the angle sums of cosine and sine.
    const [c, s] = [u / distance, v / distance]
    let [cosine, sine] = [c, s]
    let edge = 1
    for (const wave of waves) {
      const turned = cosine * s + sine * c
      cosine = cosine * c - sine * s
      sine = turned
      edge += wave.cos * cosine - wave.sin * sine
    }
    return distance / edge
  }
  const heightAt = (x: number, y: number) => rise * Math.sqrt(Math.max(0, 1 - radius(x, y) ** 2))

  function surface(x: number, y: number): Colour {
    const spot = spots * smoothstep(0.12, 0.3, mottling(x, y))
    return scaled(blended(albedo, scaled(albedo, 0.35), spot), 1 + 0.18 * mottling(x * 0.7 + 90, y * 0.7))
  }

  return {
    area: Math.PI * length * breadth,
    paint(canvas, illumination) {
      const [lx, ly, lz] = illumination.direction
      const [hx, hy, hz] = unit(lx, ly, lz + 1)
      const reach = 1.5 * length
      // A soft shadow away from the light, and the dark line where the body touches the ground.
      const drop = (0.55 * rise) / lz
      forPixelsAround(canvas, cx - lx * drop, cy - ly * drop, reach + drop, (index, x, y) => {
        const shadow = 1 - smoothstep(0.72, 1.28, radius(x + lx * drop, y + ly * drop))
        const contact = 1 - smoothstep(0.95, 1.3, radius(x, y))
        darken(canvas, index, (1 - 0.55 * shadow) * (1 - 0.35 * contact))
      })
      forPixelsAround(canvas, cx, cy, reach, (index, x, y) => {
        const share = coverage((radius(x, y) - 1) * breadth)
        if (share === 0) return
        const step = 0.7
        const slopeX = (heightAt(x + step, y) - heightAt(x - step, y)) / (2 * step)
        const slopeY = (heightAt(x, y + step) - heightAt(x, y - step)) / (2 * step)
        const [nx, ny, nz] = unit(-slopeX, -slopeY, 1)
        const facing = nx * lx + ny * ly + nz * lz
        const matte = lit(surface(x, y), illumination, 0.12 + 0.95 * facing, 0.35 + 0.65 * nz)
        const mirror = facing > 0 ? Math.max(0, nx * hx + ny * hy + nz * hz) : 0
        // A small bright highlight, a wide faint one, and some sky at grazing angles.
        const shine = gloss * (mirror ** shininess + 0.12 * mirror ** 8) + 0.05 * (1 - nz) ** 3
        const { lamp } = illumination
        const seen = [
          matte[0] + shine * lamp[0],
          matte[1] + shine * lamp[1],
          matte[2] + shine * lamp[2]
        ] as const
        cover(canvas, index, share, seen, 1)
      })
    }
  }
}

function unit(x: number, y: number, z: number): [number, number, number] {
  const length = Math.hypot(x, y, z)
  return [x / length, y / length, z / length]
}

/** Background in the foreground's colours: a flat scrap of paper with straight edges and a fold. */
export function scrap({ x: cx, y: cy }: Place, size: number, colour: Colour, random: Random): Thing {
  const corners = 4 + random.integer(3)
  const start = random.uniform() * 2 * Math.PI
  const sides = Array.from({ length: corners }, (_, i) => {
    const angle = start + ((i + between(random, -0.25, 0.25)) * 2 * Math.PI) / corners
    return { nx: Math.cos(angle), ny: Math.sin(angle), distance: size * between(random, 0.6, 1) }
  })
  const fold = random.uniform() * 2 * Math.PI
  const [fx, fy] = [Math.cos(fold), Math.sin(fold)]
  const foldAt = between(random, -0.3, 0.3) * size
  const tilt = between(random, -0.16, 0.16)
  const albedo = varied(colour, random)
  const fibres = fractalNoise(seedOf(random), 7, 3)
  const outside = (x: number, y: number) =>
    Math.max(...sides.map(({ nx, ny, distance }) => nx * (x - cx) + ny * (y - cy) - distance))

  return {
    area: 2.6 * size * size,
    paint(canvas, illumination) {
      const [lx, ly, lz] = illumination.direction
      const lift = 2.5
      const reach = 1.7 * size
      forPixelsAround(canvas, cx, cy, reach + lift, (index, x, y) => {
        darken(canvas, index, 1 - 0.4 * (1 - smoothstep(-2, 2.5, outside(x + lx * lift, y + ly * lift))))
      })
      forPixelsAround(canvas, cx, cy, reach, (index, x, y) => {
        const share = coverage(outside(x, y))
        if (share === 0) return
        const behind = fx * (x - cx) + fy * (y - cy) - foldAt
        const facing = lz + (behind > 0 ? tilt : -tilt) - 0.12 * Math.exp(-behind * behind)
        const tone = 1 + 0.1 * fibres(x * 0.3, y) + 0.08 * fibres(x + 50, y * 0.3)
        cover(canvas, index, share, lit(scaled(albedo, tone), illumination, facing), 0)
      })
    }
  }
}

/** Background in the foreground's colours: a thin, bent, round twig. */
export function twig({ x: cx, y: cy }: Place, length: number, colour: Colour, random: Random): Thing {
  const turn = random.uniform() * 2 * Math.PI
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const thick = between(random, 1.6, 3.2)
  const bow = between(random, -0.12, 0.12)
  const wobble = fractalNoise(seedOf(random), 28, 3)
  const bark = fractalNoise(seedOf(random), 6, 2)
  const albedo = scaled(varied(colour, random), 0.8)

  /** Where a place is along the twig, −1 to 1, and across it, −1 to 1 inside. */
  function locate(x: number, y: number): [along: number, across: number] {
    const u = cos * (x - cx) + sin * (y - cy)
    const v = -sin * (x - cx) + cos * (y - cy)
    const along = u / length
    const taper = thick * (1 - 0.35 * (along + 1) * 0.5)
    return [along, (v - bow * length * along * along - 3 * wobble(u, 0)) / taper]
  }

  return {
    area: 4 * length * thick,
    paint(canvas, illumination) {
      const [lx, ly, lz] = illumination.direction
      const side = -sin * lx + cos * ly
      const reach = length * 1.05 + 6
      forPixelsAround(canvas, cx, cy, reach, (index, x, y) => {
        const [along, across] = locate(x + lx * thick, y + ly * thick)
        if (Math.abs(along) < 1) darken(canvas, index, 1 - 0.4 * (1 - smoothstep(0.5, 1.8, Math.abs(across))))
      })
      forPixelsAround(canvas, cx, cy, reach, (index, x, y) => {
        const [along, across] = locate(x, y)
        const share = coverage(Math.max((Math.abs(across) - 1) * thick, (Math.abs(along) - 1) * length))
        if (share === 0) return
        const up = Math.sqrt(Math.max(0, 1 - across * across))
        const tone = 1 + 0.35 * bark(along * length * 0.5, across * 3)
        cover(canvas, index, share, lit(scaled(albedo, tone), illumination, across * side + up * lz), 0)
      })
    }
  }
}

/** Background in the foreground's colours and outline, but flat: a stain that shows the ground's own texture. */
export function stain({ x: cx, y: cy }: Place, size: number, colour: Colour, random: Random): Thing {
  const rim = fractalNoise(seedOf(random), size * 0.9, 3)
  const strength = between(random, 0.45, 0.75)
  const brightest = Math.max(...colour)
  const filter = colour.map((value) => Math.min(1, 0.2 + (0.8 * value) / brightest))
  return {
    area: Math.PI * size * size,
    paint(canvas) {
      forPixelsAround(canvas, cx, cy, 1.5 * size, (index, x, y) => {
        const edge = Math.hypot(x - cx, y - cy) / size + 0.35 * rim(x, y)
        const inside = 1 - smoothstep(0.93, 1, edge)
        // It dries darker at the rim.
        const depth = strength * inside * (0.75 + 0.25 * smoothstep(0.7, 0.95, edge))
        for (let c = 0; c < 3; c++) canvas.light[index * 3 + c]! *= 1 - depth * (1 - filter[c]!)
      })
    }
  }
}
