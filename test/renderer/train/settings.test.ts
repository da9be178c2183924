// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { LOSSES } from '#core/learning/config'
import { DEFAULTS, usualFor } from '#core/learning/defaults'
import {
  describe as describeRun,
  faultOf,
  LOSS_CHOICES,
  matches,
  MORE_LOSSES,
  PRESETS,
  SOURCE_ARCHITECTURE
} from '../../../src-renderer/train/settings'

describe('the settings of a run', () => {
  it('train as they are: one click needs no change', () => {
    expect(faultOf(DEFAULTS)).toBeNull()
    expect(DEFAULTS).toMatchObject({
      loss: 'iou+xent',
      architecture: 'UNet-xs',
      size: 128,
      batch: 10,
      steps: 400
    })
  })

  it('offer every loss once, three of them at first sight', () => {
    expect(LOSS_CHOICES).toHaveLength(3)
    expect([...LOSS_CHOICES, ...MORE_LOSSES].map(({ loss }) => loss).sort()).toEqual([...LOSSES].sort())
    expect(describeRun({ ...DEFAULTS, loss: 'lovasz' })).toBe('UNet-xs · 128² · Lovász')
    expect(describeRun({ ...DEFAULTS, crop: 256, loss: 'iou' })).toBe(
      'UNet-xs · 128² · crops of 256 px · IoU'
    )
  })

  it('change to what is usual for an architecture', () => {
    expect(usualFor(SOURCE_ARCHITECTURE)).toMatchObject({ size: 224, learningRate: 1e-4, dropout: 0.5 })
    expect(usualFor('UNet-s')).toMatchObject({ size: 128, learningRate: 1e-3, dropout: 0 })
  })

  it('can be trained with every preset, and show which preset they have', () => {
    for (const preset of PRESETS) {
      const config = { ...DEFAULTS, ...preset.settings }
      expect(faultOf(config)).toBeNull()
      expect(PRESETS.filter((other) => matches(other, config))).toEqual([preset])
    }
    expect(PRESETS.some((preset) => matches(preset, { ...DEFAULTS, size: 64 }))).toBe(false)
  })

  it.each([
    [{ architecture: 'ResNet' }, /no architecture named "ResNet"/],
    [{ size: 100 }, /multiple of 8/],
    [{ architecture: SOURCE_ARCHITECTURE, size: 128 + 8 }, /multiple of 32; use 128 or 160/],
    [{ steps: null, minutes: null }, /steps or of minutes/],
    [{ learningRate: 0 }, /learning rate is a number above 0/],
    [{ warmup: -1 }, /warm-up is a whole number of steps/],
    [{ patience: 0 }, /Patience is a whole number of validations/],
    [{ batch: 2.5 }, /batch is a whole number/],
    [{ positiveWeight: 0 }, /weight of foreground is a number above 0/],
    [{ focusing: -1 }, /Focusing is a number from 0/]
  ])('say in a sentence what is wrong with %o', (change, sentence) => {
    expect(faultOf({ ...DEFAULTS, ...change })).toMatch(sentence)
  })
})
