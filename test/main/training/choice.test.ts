import { describe, expect, it } from 'vitest'
import { replaceMask } from '#main/store/masks'
import { maskOf } from '#core/mask/tiles'
import { createArchitectureChoice } from '#main/training/choice'
import { addDisc } from '../../fixtures/discs'
import { temporaryProject } from '../../fixtures/project'

const open = { architecture: null, size: null, batch: 10, minutes: null }

describe('the network for a project', () => {
  it('is chosen from its training images alone', async () => {
    const project = await temporaryProject()
    await addDisc(project, 1, { split: 'train', size: 96, radius: 30 })
    await addDisc(project, 2, { split: 'validation', size: 96, radius: 4 })
    await addDisc(project, 3, { split: 'test', size: 96, radius: 4 })
    const choice = await createArchitectureChoice(project)(open)
    expect(choice).toMatchObject({ architecture: 'UNet-xs', size: 64 })
    expect(choice.because).toContain('median of 1 in 1 training images')
  })

  it('comes with how its images are made ready, unless the person has chosen the network', async () => {
    const project = await temporaryProject()
    await addDisc(project, 1, { split: 'train', size: 96, radius: 30 })
    const choose = createArchitectureChoice(project)
    const { preparation, because } = await choose(open)
    expect(preparation).toMatchObject({ rotation: 180, zoom: 1.25, brightness: 0.2 })
    expect(because).toContain('1 training image is few')
    const chosen = await choose({ ...open, architecture: 'UNet-xs' })
    expect(chosen.preparation).toBeNull()
    expect(chosen.because).not.toContain('at random')
  })

  it('follows the masks', async () => {
    const project = await temporaryProject()
    const id = await addDisc(project, 1, { split: 'train', size: 240, radius: 80 })
    const choose = createArchitectureChoice(project)
    const before = await choose(open)
    const specks = Uint8Array.from({ length: 240 * 240 }, (_, i) =>
      i % 8 < 4 && Math.floor(i / 240) % 8 < 4 ? 1 : 0
    )
    replaceMask(project, id, maskOf(specks, 240, 240), { tool: 'import' })
    const after = await choose(open)
    expect(after.size).toBeGreaterThan(before.size)
    expect(after.because).toContain('median of 900 in')
  })

  it('is for crops where whole images become too small, unless the person wants them whole', async () => {
    const project = await temporaryProject()
    const [width, height] = [1500, 1000]
    const id = await addDisc(project, 1, { split: 'train', size: 16 })
    project.run('UPDATE image SET width = ?, height = ? WHERE id = ?', width, height, id)
    const dots = Uint8Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [(i % width) % 40, Math.floor(i / width) % 40]
      return Math.hypot(x - 20, y - 20) < 4 ? 1 : 0
    })
    replaceMask(project, id, maskOf(dots, width, height), { tool: 'import' })
    const choose = createArchitectureChoice(project)
    const choice = await choose(open)
    expect(choice.architecture).toBe('UNet-xs')
    expect([choice.size, 2 * choice.size]).toContain(choice.crop)
    expect(choice.because).toMatch(
      /Whole images reach 0\.\d\d at best \(UNet-xs at \d+²\), so crops of \d+ px at (full|half) resolution\./
    )
    const whole = await choose({ ...open, crop: null })
    expect(whole.crop).toBeNull()
    expect(whole.because).toContain('crops would show them finer')
    expect(await choose({ ...open, size: 256, crop: 256 })).toMatchObject({ size: 256, crop: 256 })
  })

  it('looks at no more than 32 images', async () => {
    const project = await temporaryProject()
    for (let seed = 1; seed <= 34; seed++) await addDisc(project, seed, { split: 'train', radius: 8 })
    const { because } = await createArchitectureChoice(project)({ ...open, size: 32 })
    expect(because).toContain('median of 32 in 32 of 34 training images')
  })
})
