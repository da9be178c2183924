import { describe, expect, it } from 'vitest'
import { cutOut } from '#core/learning/tiles'
import { exampleSample } from '#main/training/example'
import { addDisc } from '../../fixtures/discs'
import { temporaryProject } from '../../fixtures/project'

const whole = { size: 32, crop: null, autoContrast: false }

describe('the image that shows what augmentation does', () => {
  it('is the first training image with foreground, at the network’s size', async () => {
    const project = await temporaryProject()
    expect(await exampleSample(project, whole)).toBeNull()
    await addDisc(project, 1, { split: 'validation' })
    expect(await exampleSample(project, whole)).toBeNull()
    const empty = await addDisc(project, 2, { split: 'train', radius: 0 })
    expect((await exampleSample(project, whole))!.sample.imageId).toBe(empty)
    const disc = await addDisc(project, 3, { split: 'train', size: 48 })
    const { sample: example, corner } = (await exampleSample(project, whole))!
    expect(corner).toEqual({ left: 0, top: 0 })
    expect(example.imageId).toBe(disc)
    expect(example.image).toHaveLength(3 * 32 * 32)
    // Bright is foreground in these pictures.
    const bright = example.label.map((_, i) => (example.image[3 * i]! > 140 ? 1 : 0))
    const apart = bright.filter((value, i) => value !== example.label[i]).length
    expect(example.label).toContain(1)
    expect(apart).toBeLessThan(40)
  })

  it('is, with crops, the one with the most foreground, with what lies around it', async () => {
    const project = await temporaryProject()
    const id = await addDisc(project, 3, { split: 'train', size: 400, radius: 12 })
    const { sample, corner } = (await exampleSample(project, { size: 32, crop: 32, autoContrast: false }))!
    expect(sample.imageId).toBe(id)
    expect(Math.max(sample.width, sample.height)).toBeLessThanOrEqual(4 * 32)
    expect(sample.image).toHaveLength(3 * sample.width * sample.height)
    const cropped = new Uint8Array(32 * 32)
    cutOut(sample.label, sample, 1, corner, 32, cropped)
    const total = sample.label.filter((value) => value === 1).length
    expect(cropped.filter((value) => value === 1).length).toBeGreaterThan(total / 3)
    // Bright is foreground in these pictures, so image and label were cut alike.
    sample.label.forEach((value, i) => expect(sample.image[3 * i]! > 140 ? 1 : 0).toBe(value))
  })
})
