import { describe, expect, it } from 'vitest'
import { augment, batchAugmentations, type Augmentation } from '#core/learning/augment'
import { batchOf } from '#core/learning/batches'
import { createRandom } from '#core/learning/random'
import { BACKGROUND, FOREGROUND, UNKNOWN } from '#core/mask/values'
import { parseArchitecture } from '#core/network/architecture'
import { brightDataset, oneWeightConfig } from '../../fixtures/oneWeightEngine'

const SIZE = 48
const plain: Augmentation = {
  flip: { horizontal: false, vertical: false },
  angle: 0,
  zoom: 1,
  brightness: 1
}

function augmented(image: Uint8Array, label: Uint8Array, size: number, change: Partial<Augmentation>) {
  const copy = { image: new Uint8Array(image.length), label: new Uint8Array(label.length) }
  augment({ image, label, width: size, height: size }, size, { ...plain, ...change }, copy.image, copy.label)
  return copy
}

/** A picture in which no two pixels are alike. */
function noise(size: number) {
  const random = createRandom(1, 'noise')
  return {
    image: Uint8Array.from({ length: 3 * size * size }, () => random.integer(256)),
    label: Uint8Array.from({ length: size * size }, () => random.integer(3))
  }
}

/** A bright disc on a dark ground; bright is foreground. */
function disc(size: number, x: number, y: number, radius: number) {
  const label = Uint8Array.from({ length: size * size }, (_, i) =>
    Math.hypot((i % size) - x, Math.floor(i / size) - y) < radius ? FOREGROUND : BACKGROUND
  )
  return {
    label,
    image: Uint8Array.from({ length: 3 * label.length }, (_, i) => (label[Math.floor(i / 3)] ? 200 : 50))
  }
}

/** The pixel that comes to a place when a square picture is turned by a quarter, counter-clockwise. */
const quarterTurn = (size: number, at: number) => {
  const [x, y] = [at % size, Math.floor(at / size)]
  return x * size + (size - 1 - y)
}

describe('an augmented sample', () => {
  it('is the original where nothing is changed', () => {
    const { image, label } = noise(SIZE)
    expect(augmented(image, label, SIZE, {})).toEqual({ image, label })
  })

  it.each([7, 48])('is moved without mixing by quarter turns, at an edge of %i', (size) => {
    const { image, label } = noise(size)
    const places = Array.from({ length: size * size }, (_, i) => i)
    for (let quarters = 1; quarters <= 4; quarters++) {
      places.splice(0, places.length, ...places.map((_, at) => places[quarterTurn(size, at)]!))
      for (const sign of [1, -3]) {
        const angle = sign === 1 ? 90 * quarters : 90 * quarters - 360
        const copy = augmented(image, label, size, { angle })
        expect([...copy.label]).toEqual(places.map((place) => label[place]))
        expect([...copy.image]).toEqual(
          places.flatMap((place) => [...image.subarray(3 * place, 3 * place + 3)])
        )
      }
    }
  })

  it('keeps labels three-valued, and image and label together', () => {
    const random = createRandom(2, 'changes')
    for (let trial = 0; trial < 60; trial++) {
      const { image, label } = disc(SIZE, 14 + random.integer(20), 14 + random.integer(20), 9)
      const { image: pixels, label: mask } = augmented(image, label, SIZE, {
        flip: { horizontal: random.integer(2) === 1, vertical: random.integer(2) === 1 },
        angle: 360 * random.uniform() - 180,
        zoom: 0.6 + random.uniform()
      })
      let strange = 0
      let apart = 0
      let area = 0
      mask.forEach((value, i) => {
        if (![BACKGROUND, FOREGROUND, UNKNOWN].includes(value)) strange++
        if (value === FOREGROUND) area++
        const between = pixels[3 * i]! > 60 && pixels[3 * i]! < 190
        if (value !== UNKNOWN && !between && (value === FOREGROUND) !== pixels[3 * i]! > 125) apart++
      })
      expect({ strange, apart }).toEqual({ strange: 0, apart: 0 })
      expect(area).toBeGreaterThan(0)
    }
  })

  it('is larger by the square of the zoom', () => {
    const { image, label } = disc(SIZE, 23.5, 23.5, 10)
    const area = (zoom: number) =>
      augmented(image, label, SIZE, { zoom }).label.filter((value) => value === FOREGROUND).length
    expect(area(1.5) / area(1)).toBeCloseTo(2.25, 0.5)
    expect(area(0.7) / area(1)).toBeCloseTo(0.49, 1)
  })

  it('is unknown where the original shows nothing, and the image goes on there as at its edge', () => {
    const image = new Uint8Array(3 * SIZE * SIZE).fill(90)
    const label = new Uint8Array(SIZE * SIZE).fill(FOREGROUND)
    const shrunk = augmented(image, label, SIZE, { zoom: 0.5 })
    expect(shrunk.label.filter((value) => value === FOREGROUND)).toHaveLength((SIZE / 2) ** 2)
    expect(shrunk.label.filter((value) => value === UNKNOWN)).toHaveLength(SIZE ** 2 - (SIZE / 2) ** 2)
    expect(new Set(shrunk.image)).toEqual(new Set([90]))
    expect(augmented(image, label, SIZE, { zoom: 1.3 }).label).not.toContain(UNKNOWN)
  })

  it('is brighter or darker, within what a byte holds, with the same label', () => {
    const { image, label } = noise(SIZE)
    const brighter = augmented(image, label, SIZE, { brightness: 1.5 })
    expect(brighter.label).toEqual(label)
    const aside = brighter.image.map((value, i) => Math.abs(value - Math.min(255, image[i]! * 1.5)))
    expect(Math.max(...aside)).toBeLessThan(1)
    expect(Math.max(...augmented(image, label, SIZE, { brightness: 0 }).image)).toBe(0)
  })
})

describe('an augmented crop', () => {
  /** A frame in which no two pixels are alike, and a crop in its middle. */
  const frame = noise(64)
  const corner = { left: 20, top: 25 }
  function cropped(change: Partial<Augmentation>, at = corner, size = 16) {
    const copy = { image: new Uint8Array(3 * size * size), label: new Uint8Array(size * size) }
    augment({ ...frame, width: 64, height: 64 }, size, { ...plain, ...change }, copy.image, copy.label, at)
    return copy
  }
  const pixelAt = (x: number, y: number) => [...frame.image.subarray(3 * (y * 64 + x), 3 * (y * 64 + x) + 3)]

  it('shows its part of the frame, mirrored about its own middle', () => {
    const { image, label } = cropped({ flip: { horizontal: true, vertical: false } })
    for (const [x, y] of [
      [0, 0],
      [15, 3],
      [7, 15]
    ] as const) {
      expect([...image.subarray(3 * (y * 16 + x), 3 * (y * 16 + x) + 3)]).toEqual(
        pixelAt(20 + 15 - x, 25 + y)
      )
      expect(label[y * 16 + x]).toBe(frame.label[(25 + y) * 64 + 20 + 15 - x])
    }
  })

  it('shows what lies around it in the frame when it is turned or shrunk', () => {
    const known = frame.label.fill(FOREGROUND)
    expect(known).toHaveLength(64 * 64)
    expect(cropped({ angle: 45 }).label).not.toContain(UNKNOWN)
    expect(cropped({ zoom: 0.5 }).label).not.toContain(UNKNOWN)
    const turned = cropped({ angle: 180 })
    expect([...turned.image.subarray(0, 3)]).toEqual(pixelAt(20 + 15, 25 + 15))
  })

  it('is unknown only outside of the frame', () => {
    const { label } = cropped({ zoom: 0.5 }, { left: 0, top: 20 })
    const columns = Array.from({ length: 16 }, (_, x) => label[8 * 16 + x]!)
    expect(columns.slice(0, 4)).toEqual([UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN])
    expect(columns.slice(4)).not.toContain(UNKNOWN)
  })
})

describe('what is drawn for a step', () => {
  const limits = { flips: true, rotation: 30, zoom: 1.5, brightness: 0.2 }
  const drawn = Array.from({ length: 200 }, (_, i) => batchAugmentations(limits, 10, 4, i + 1)).flat()

  it('stays within the limits and makes use of them', () => {
    const ranges = (key: 'angle' | 'zoom' | 'brightness') => {
      const values = drawn.map((one) => one[key])
      return [Math.min(...values), Math.max(...values)] as const
    }
    for (const [key, low, high] of [
      ['angle', -30, 30],
      ['zoom', 1 / 1.5, 1.5],
      ['brightness', 0.8, 1.2]
    ] as const) {
      const [least, most] = ranges(key)
      expect(least).toBeGreaterThanOrEqual(low)
      expect(most).toBeLessThanOrEqual(high)
      expect((most - least) / (high - low)).toBeGreaterThan(0.98)
    }
    expect(drawn.filter(({ zoom }) => zoom > 1).length / drawn.length).toBeCloseTo(0.5, 1)
  })

  it('is the same again, another for another step or seed, and no other for a limit that is none of its own', () => {
    expect(batchAugmentations(limits, 10, 4, 3)).toEqual(drawn.slice(20, 30))
    expect(batchAugmentations(limits, 10, 4, 1)).not.toEqual(batchAugmentations(limits, 10, 5, 1))
    expect(drawn.slice(0, 10)).not.toEqual(drawn.slice(10, 20))
    const turned = batchAugmentations({ ...limits, flips: false, zoom: 1, brightness: 0 }, 10, 4, 1)
    expect(turned).toEqual(drawn.slice(0, 10).map(({ angle }) => ({ ...plain, angle })))
  })

  it('leaves images as they are where the limits allow nothing', () => {
    const none = batchAugmentations({ flips: false, rotation: 0, zoom: 1, brightness: 0 }, 20, 1, 1)
    for (const augmentation of none) expect(augmentation).toEqual(plain)
  })
})

describe('a batch of augmented samples', () => {
  const spec = parseArchitecture(oneWeightConfig.architecture, 16, 2)
  const { train } = brightDataset(10, 1)
  const config = { ...oneWeightConfig, rotation: 180, zoom: 1.4, brightness: 0.3 }

  it('follows from the step, in whichever order the steps are asked for', () => {
    const steps = [1, 2, 3, 4, 5]
    const batches = steps.map((step) => batchOf(train, spec, config, step))
    expect(
      steps
        .toReversed()
        .map((step) => batchOf(train, spec, config, step))
        .toReversed()
    ).toEqual(batches)
    expect(batches[0]!.images).not.toEqual(batchOf(train, spec, oneWeightConfig, 1).images)
  })

  it('leaves the samples themselves alone', () => {
    const before = structuredClone(train)
    batchOf(train, spec, config, 1)
    expect(train).toEqual(before)
  })
})
