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

  it('looks at no more than 32 images', async () => {
    const project = await temporaryProject()
    for (let seed = 1; seed <= 34; seed++) await addDisc(project, seed, { split: 'train', radius: 8 })
    const { because } = await createArchitectureChoice(project)({ ...open, size: 32 })
    expect(because).toContain('median of 32 in 32 of 34 training images')
  })
})
