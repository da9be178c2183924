import { describe, expect, it } from 'vitest'
import { parseArchitecture } from '#core/network/architecture'
import { multiplicationsOf } from '#core/network/shapes'

describe('the multiplications of a network', () => {
  it('are those of the source’s model as its layers give them', () => {
    const blocks = [
      [224, 3, 16],
      [112, 16, 32],
      [56, 32, 64],
      [28, 64, 128],
      [14, 128, 256]
    ] as const
    const convolutions = blocks.reduce(
      (sum, [side, input, output]) => sum + side ** 2 * 9 * input * output,
      0
    )
    const rest = 7 ** 2 * (256 * 512 + 512 * 1 + 64 ** 2)
    const spec = parseArchitecture('VGG6xs-Fc6-k1-512-Deconv-k64s32', 224, 1)
    expect(multiplicationsOf(spec)).toBe(convolutions + rest)
  })
})
