import { describe, expect, it } from 'vitest'
import {
  ALIKE,
  FINGERPRINT_BYTES,
  fingerprintOf,
  isAlike,
  likeness,
  outlineOf
} from '#core/learning/fingerprint'
import { createRandom } from '#core/learning/random'
import { openImage } from '#main/images/open'
import { verifyPixels } from '#main/images/decode'
import { loadSharp } from '#main/images/sharp.node'
import { fileOf } from '#main/images/encode'
import { needNuclei, nucleiImages } from '../../fixtures/nuclei'

/** Five bright discs on a dark ground. */
function discs(seed: number, size = 64): Uint8Array {
  const random = createRandom(seed, 'discs')
  const centres = Array.from({ length: 5 }, () => [random.uniform() * size, random.uniform() * size])
  return Uint8Array.from({ length: 3 * size * size }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % size, Math.floor(at / 3 / size)]
    return centres.some(([cx, cy]) => Math.hypot(x - cx!, y - cy!) < size / 10) ? 220 : 30
  })
}

const outline = (rgb: Uint8Array, size: number) => outlineOf(fingerprintOf(rgb, size, size))

describe('fingerprints of pictures', () => {
  it('have 16 × 16 values over the full range', () => {
    const fingerprint = fingerprintOf(discs(1), 64, 64)
    expect(fingerprint).toHaveLength(FINGERPRINT_BYTES)
    expect([Math.min(...fingerprint), Math.max(...fingerprint)]).toEqual([0, 255])
  })

  it('hardly change with size and brightness', () => {
    const picture = outline(discs(1), 64)
    expect(likeness(picture, outline(discs(1, 200), 200))).toBeGreaterThan(ALIKE)
    const darker = discs(1).map((value) => value / 2 + 10)
    expect(likeness(picture, outline(darker, 64))).toBeGreaterThan(0.999)
  })

  it('differ between pictures, also behind the same shading', () => {
    const shaded = (seed: number) =>
      discs(seed).map((value, at) => value / 2 + (Math.floor(at / 3) % 64) * 1.5)
    for (let seed = 2; seed < 20; seed++) {
      expect(isAlike(outline(shaded(1), 64), outline(shaded(seed), 64))).toBe(false)
    }
  })

  it('say the same in short and at length', () => {
    const outlines = Array.from({ length: 12 }, (_, seed) => outline(discs(seed % 6, 60 + seed), 60 + seed))
    for (const a of outlines) {
      for (const b of outlines) expect(isAlike(a, b)).toBe(likeness(a, b) >= ALIKE)
    }
  })

  it('of pictures without contrast are like nothing, not even each other', () => {
    const black = outline(new Uint8Array(3 * 64 * 64), 64)
    const grey = outline(new Uint8Array(3 * 64 * 64).fill(90), 64)
    expect(isAlike(black, grey)).toBe(false)
    expect(isAlike(black, outline(discs(1), 64))).toBe(false)
    expect(likeness(black, grey)).toBe(0)
  })
})

type Image = ReturnType<ReturnType<typeof loadSharp>>

describe('the nuclei', () => {
  const outlineOfFile = async (name: string, bytes: Uint8Array) =>
    outlineOf((await verifyPixels(await openImage({ name, bytes }))).fingerprint)

  it('are 60 different pictures, of which no two are alike', async ({ skip }) => {
    needNuclei(skip)
    const outlines = await Promise.all(nucleiImages().map(({ name, bytes }) => outlineOfFile(name, bytes)))
    const pairs = outlines.flatMap((a, i) => outlines.slice(0, i).map((b) => likeness(a, b)))
    expect(pairs).toHaveLength((60 * 59) / 2)
    // Far from the limit, too.
    expect(Math.max(...pairs)).toBeLessThan(ALIKE - 0.3)
  })

  const changes: [string, (image: Image, size: { width: number; height: number }) => Image][] = [
    ['saved as JPEG', (image) => image.jpeg({ quality: 60 })],
    ['saved as WebP', (image) => image.webp({ quality: 60 })],
    ['at half the size', (image, { width }) => image.resize(Math.round(width / 2)).png()],
    ['enlarged', (image, { width }) => image.resize(Math.round(width * 1.7)).png()],
    ['a little brighter', (image) => image.linear(1.1, 5).png()],
    ['much darker', (image) => image.linear(0.6, 0).png()],
    [
      'without its outermost pixels',
      (image, { width, height }) =>
        image.extract({ left: 2, top: 2, width: width - 4, height: height - 4 }).png()
    ]
  ]
  for (const [how, change] of changes) {
    it(`are known again ${how}`, async ({ skip }) => {
      needNuclei(skip)
      for (const { name, bytes } of nucleiImages().filter((_, i) => i % 4 === 0)) {
        const image = loadSharp()(bytes).flatten()
        const changed = await fileOf(change(image.clone(), await image.metadata()))
        const [a, b] = [await outlineOfFile(name, bytes), await outlineOfFile(name, changed)]
        expect(isAlike(a, b), `${name}: ${likeness(a, b)}`).toBe(true)
      }
    })
  }
})
