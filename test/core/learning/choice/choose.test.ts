import { describe, expect, it } from 'vitest'
import { candidatesFor } from '#core/learning/choice/candidates'
import { chooseArchitecture, type ChoiceInput } from '#core/learning/choice/choose'
import { measureLabel } from '#core/learning/choice/measure'
import { parseArchitecture } from '#core/network/architecture'
import { discs, labelOf, lines, scattered } from './shapes'

const SIZE = 256
const VGG = 'VGG6xs-Fc6-k1-512-Deconv-k16s8'
const coarseDiscs = discs(SIZE, 180, SIZE)
const fineDiscs = scattered(SIZE, 11, 32)

function choose(labels: Uint8Array[], wanted: Partial<ChoiceInput> = {}, images = labels.length) {
  const input = { architecture: null, size: null, batch: 10, minutes: null, ...wanted }
  const candidates = candidatesFor(input)
  const measurements = labels.map((label) => measureLabel(label, SIZE, SIZE, candidates))
  return chooseArchitecture(candidates, measurements, input, images)
}

describe('what there is to choose from', () => {
  it('are networks that exist', () => {
    const candidates = candidatesFor({ architecture: null, size: null })
    for (const { architecture, size } of candidates) parseArchitecture(architecture, size, 2)
    expect(candidates.filter(({ stride }) => stride === 1).map(({ size }) => size)).toEqual([
      ...[64, 96, 128, 160, 192, 224, 256, 320, 384]
    ])
    expect(candidates.filter(({ size }) => size === 224).map(({ stride }) => stride)).toEqual([32, 16, 8, 1])
  })

  it('is what fits to the architecture or the size that is given', () => {
    expect(candidatesFor({ architecture: null, size: 40 }).map(({ stride }) => stride)).toEqual([8, 1])
    expect(candidatesFor({ architecture: VGG, size: null }).every(({ stride }) => stride === 8)).toBe(true)
    expect(candidatesFor({ architecture: 'UNet-s', size: 96 })).toHaveLength(1)
    expect(() => candidatesFor({ architecture: null, size: 100 })).toThrow(/multiple of 8; use 96 or 104/)
    expect(() => candidatesFor({ architecture: 'VGG16', size: null })).toThrow(
      /no architecture named "VGG16"/
    )
  })
})

describe('the choice', () => {
  it('takes small pictures for large objects and large ones for small objects', () => {
    const large = choose([coarseDiscs])
    const small = choose([fineDiscs])
    expect(large).toMatchObject({ architecture: 'UNet-xs', size: 64 })
    expect(small.architecture).toBe('UNet-xs')
    expect(small.size).toBeGreaterThanOrEqual(192)
  })

  it('says how wide the objects are, what a coarse network could reach, and what the chosen one can', () => {
    const { because, size } = choose([fineDiscs, fineDiscs], {}, 7)
    expect(because).toMatch(
      /^Your objects are \d+(?:\.\d)? px wide at 224² \(median of 128 in 2 of 7 training images\)\./
    )
    expect(because).toMatch(
      /There a stride of 32 can at best reach a foreground IoU of 0\.\d\d, a stride of 16 0\.\d\d and/
    )
    expect(because).toContain(`UNet-xs at ${size}² can reach `)
  })

  it('says how long thin objects are', () => {
    expect(choose([lines(SIZE, 3, 32)]).because).toMatch(/are 3\.1 px wide and 180 px long at 224²/)
  })

  it('stays with what was fixed, and takes the cheapest of the rest', () => {
    expect(choose([fineDiscs], { size: 224 })).toMatchObject({ architecture: 'UNet-xs', size: 224 })
    expect(choose([coarseDiscs], { size: 224 })).toMatchObject({ architecture: VGG, size: 224 })
    const coarse = choose([fineDiscs], { architecture: VGG })
    expect(coarse).toMatchObject({ architecture: VGG, size: 384 })
    expect(coarse.because).not.toContain('There a stride')
  })

  it('leaves time for enough steps', () => {
    const free = choose([fineDiscs])
    const hurried = choose([fineDiscs], { minutes: 1 })
    expect(hurried.size).toBeLessThan(free.size)
    expect(hurried.because).toContain('steps of 10 images in 1 minute')
    expect(choose([fineDiscs], { minutes: 1, batch: 1 }).size).toBeGreaterThan(hurried.size)
    const hopeless = choose([fineDiscs], { minutes: 0.01 })
    expect(hopeless.size).toBe(64)
    expect(hopeless.because).toContain('none gets about 300 steps')
  })

  it('warns where no size is fine enough', () => {
    const width = 700
    const specks = labelOf(width, width, (x, y) => x % 6 < 2 && y % 6 < 2)
    const input = { architecture: null, size: null, batch: 10, minutes: null }
    const candidates = candidatesFor(input)
    const { because } = chooseArchitecture(
      candidates,
      [measureLabel(specks, width, width, candidates)],
      input,
      1
    )
    expect(because).toContain('crops would show them finer')
    expect(choose([fineDiscs]).because).not.toContain('crops')
  })

  it('guesses where there is no foreground to look at', () => {
    const guess = { architecture: 'UNet-xs', size: 128 }
    expect(choose([])).toMatchObject(guess)
    expect(choose([new Uint8Array(SIZE * SIZE)])).toMatchObject(guess)
    expect(choose([]).because).toContain('No training image shows foreground yet')
  })
})

describe('a label larger than what is measured', () => {
  it('is thinned out', () => {
    const small = labelOf(500, 400, (x, y) => Math.hypot(x - 200, y - 200) < 100)
    const large = labelOf(2000, 1600, (x, y) => Math.hypot(x - 800, y - 800) < 400)
    const fine = [{ size: 128, crop: null, stride: 1 }]
    const [a, b] = [measureLabel(small, 500, 400, fine), measureLabel(large, 2000, 1600, fine)]
    expect(b.objects[0]!.width).toBeCloseTo(a.objects[0]!.width, 2)
    expect(b.objects[0]!.area).toBeCloseTo(a.objects[0]!.area, 2)
  })
})
