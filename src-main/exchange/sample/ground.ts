import type { Random } from '#core/learning/random'
import { lit, scaled, type Canvas, type Colour, type Illumination } from './canvas'
import { fractalNoise, smoothstep } from './noise'

/** What things lie on: how bright and how high the surface is at each place. */
interface Ground {
  albedo: Colour
  at(x: number, y: number): Surface
}

interface Surface {
  /** Factor of the albedo, about 1. */
  tone: number
  /** In pixels. */
  height: number
}

type MakeGround = (random: Random) => Ground

const seedOf = (random: Random) => random.integer(2 ** 31)
const pick = <T>(random: Random, values: readonly T[]): T => values[random.integer(values.length)]!

/** Threads over and under each other, not quite straight. */
const cloth: MakeGround = (random) => {
  const [warp, stain] = [fractalNoise(seedOf(random), 60, 3), fractalNoise(seedOf(random), 110, 4)]
  const fibre = fractalNoise(seedOf(random), 5, 2)
  const pitch = 3.4 + 2 * random.uniform()
  const turn = random.uniform() * Math.PI
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  return {
    albedo: pick(random, [
      [0.5, 0.45, 0.37],
      [0.09, 0.13, 0.22],
      [0.16, 0.2, 0.12],
      [0.33, 0.13, 0.1]
    ] as const),
    at(x, y) {
      const bend = warp(x, y)
      const u = ((cos * x - sin * y + 2.5 * bend) * Math.PI) / pitch
      const v = ((sin * x + cos * y + 2.5 * bend) * Math.PI) / pitch
      const weave = Math.sin(u) * Math.sin(v)
      return {
        tone: 1 + 0.12 * weave + 0.22 * stain(x, y) + 0.14 * fibre(x, y),
        height: 0.35 * weave + 5 * bend
      }
    }
  }
}

/** Grain along one direction, in waves around knots that lie elsewhere. */
const wood: MakeGround = (random) => {
  const [waves, grain, pores] = [
    fractalNoise(seedOf(random), 90, 3),
    fractalNoise(seedOf(random), 12, 3),
    fractalNoise(seedOf(random), 6, 2)
  ]
  const turn = (random.uniform() - 0.5) * 0.9 + (random.uniform() < 0.5 ? Math.PI / 2 : 0)
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const spacing = 0.16 + 0.14 * random.uniform()
  return {
    albedo: pick(random, [
      [0.2, 0.11, 0.06],
      [0.42, 0.27, 0.14],
      [0.3, 0.24, 0.18]
    ] as const),
    at(x, y) {
      const u = cos * x - sin * y
      const v = sin * x + cos * y
      const ring = 0.55 * Math.sin(spacing * v + 5 * waves(u * 0.35, v)) + 0.45 * grain(u * 0.12, v)
      const pore = smoothstep(0.25, 0.6, pores(u * 0.1, v * 1.4))
      return { tone: 1 + 0.26 * ring - 0.3 * pore, height: 0.4 * ring - 0.6 * pore }
    }
  }
}

/** Rough, with dark and light grains. */
const stone: MakeGround = (random) => {
  const [rough, cloud] = [fractalNoise(seedOf(random), 22, 5), fractalNoise(seedOf(random), 130, 4)]
  const grains = fractalNoise(seedOf(random), 3.5, 2)
  const coarse = 1.2 + 2.2 * random.uniform()
  return {
    albedo: pick(random, [
      [0.31, 0.31, 0.3],
      [0.46, 0.38, 0.27],
      [0.19, 0.2, 0.22],
      [0.37, 0.3, 0.26]
    ] as const),
    at(x, y) {
      const bumps = rough(x, y)
      const grain = grains(x, y)
      const fleck = 0.5 * smoothstep(0.42, 0.7, grain) - 0.4 * smoothstep(0.42, 0.7, -grain)
      return { tone: 1 + 0.2 * bumps + 0.25 * cloud(x, y) + fleck, height: coarse * bumps + 0.5 * grain }
    }
  }
}

/** Fills the canvas with a surface under the light; nothing of it is foreground. */
export function paintGround(canvas: Canvas, illumination: Illumination, random: Random): void {
  const ground = pick(random, [cloth, wood, stone])(random)
  const [lx, ly, lz] = illumination.direction
  const { width, height, light } = canvas
  let above = new Float32Array(width)
  for (let y = 0; y < height; y++) {
    const row = new Float32Array(width)
    for (let x = 0; x < width; x++) {
      const surface = ground.at(x, y)
      row[x] = surface.height
      const slopeX = x === 0 ? 0 : row[x]! - row[x - 1]!
      const slopeY = y === 0 ? 0 : row[x]! - above[x]!
      const facing = lz - lx * slopeX - ly * slopeY
      light.set(
        lit(scaled(ground.albedo, Math.max(0.1, surface.tone)), illumination, facing),
        (y * width + x) * 3
      )
    }
    above = row
  }
}
