// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { LossName } from '#core/learning/config'
import { DEFAULTS, usualFor } from '#core/learning/defaults'
import { adviceFor } from '../../../src-renderer/train/advice'
import { SOURCE_ARCHITECTURE, faultOf } from '../../../src-renderer/train/settings'

describe('advice for a run that learned nothing', () => {
  it('names the learning rate first where it made the source’s experiment collapse', () => {
    const config = { ...DEFAULTS, ...usualFor(SOURCE_ARCHITECTURE), loss: 'iou' as const, learningRate: 1e-3 }
    const [first, second] = adviceFor(config, 0.13)
    expect(first!.reason).toContain('0.001 is high')
    expect(first!.settings).toEqual({ learningRate: 1e-4 })
    expect(second!.settings).toEqual({ loss: 'iou+xent' })
  })

  it('names rare foreground, and what helps against it with the loss at hand', () => {
    const rare = (loss: LossName) =>
      adviceFor({ ...DEFAULTS, loss }, 0.01).find(({ reason }) => reason.includes('always background'))!
    expect(rare('xent').settings).toEqual({ loss: 'iou+xent' })
    expect(rare('focal').settings).toEqual({ loss: 'iou+xent' })
    expect(rare('focal').reason).toContain('Focal is content with that')
    expect(rare('iou+xent').settings).toEqual({ batch: 20 })
  })

  it.each(['iou', 'dice', 'lovasz'] as const)('offers a steadier loss than %s', (loss) => {
    expect(adviceFor({ ...DEFAULTS, loss }, 0.3).map(({ settings }) => settings)).toContainEqual({
      loss: 'iou+xent'
    })
  })

  it('always has something to try, and it can be trained', () => {
    for (const learningRate of [1e-6, 1e-4, 1e-3, 1e-1]) {
      for (const batch of [1, 10, 256]) {
        for (const share of [null, 0, 0.3]) {
          const config = { ...DEFAULTS, learningRate, batch }
          const advice = adviceFor(config, share)
          expect(advice.length).toBeGreaterThan(0)
          for (const { settings } of advice) {
            expect(faultOf({ ...config, ...settings })).toBeNull()
            expect({ ...config, ...settings }).not.toEqual(config)
          }
        }
      }
    }
  })
})
