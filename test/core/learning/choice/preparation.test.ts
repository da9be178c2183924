import { describe, expect, it } from 'vitest'
import { choosePreparation } from '#core/learning/choice/preparation'

const full = { low: 0, high: 255 }

describe('how images are made ready, chosen by the program', () => {
  it('is as they are where they are many and of full contrast', () => {
    expect(choosePreparation([full, full, full], 500)).toEqual({
      settings: { autoContrast: false, rotation: 0, zoom: 1, brightness: 0 },
      because: []
    })
  })

  it('gives each its full contrast where some are much darker', () => {
    const { settings, because } = choosePreparation([{ low: 0, high: 20 }, full, full, full], 500)
    expect(settings.autoContrast).toBe(true)
    expect(because).toEqual([
      'Your images differ in brightness (the brightest value is 20 in some, 255 in others), so each gets its full ' +
        'contrast.'
    ])
  })

  it('does so, too, where all are flat', () => {
    const { settings, because } = choosePreparation([{ low: 80, high: 130 }], 500)
    expect(settings.autoContrast).toBe(true)
    expect(because).toEqual(['Your images use 50 of 256 levels, so each gets its full contrast.'])
  })

  it('varies images that are few', () => {
    const { settings, because } = choosePreparation([full], 48)
    expect(settings).toEqual({ autoContrast: false, rotation: 180, zoom: 1.25, brightness: 0.2 })
    expect(because).toEqual([
      '48 training images are few, so they are turned, zoomed and brightened at random.'
    ])
    expect(choosePreparation([full], 1).because[0]).toMatch(/^1 training image is few/)
  })
})
