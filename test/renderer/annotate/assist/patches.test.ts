// @vitest-environment node
import { describe, expect, test } from 'vitest'
import type { Picture } from '#core/mask/assist/picture'
import { Assistant } from '../../../../src-renderer/annotate/assist/assistant'
import { patchAt, patchRegion } from '../../../../src-renderer/annotate/assist/patches'

const WIDTH = 173
const HEIGHT = 131

const assistant = new Assistant({
  width: WIDTH,
  height: HEIGHT,
  read(area, factor): Promise<Picture> {
    const [width, height] = [Math.ceil(area.width / factor), Math.ceil(area.height / factor)]
    const data = Uint8ClampedArray.from(
      { length: width * height * 4 },
      (_, i) => (i * i * 31 + (i >> 9) * 40) % 256
    )
    return Promise.resolve({ width, height, data })
  }
})

describe('superpixels on the image', () => {
  test.each([
    [{ x: 0, y: 0, width: WIDTH, height: HEIGHT }, 1],
    [{ x: 0, y: 0, width: WIDTH, height: HEIGHT }, 3],
    [{ x: 21, y: 14, width: 100, height: 90 }, 4]
  ])('cover every pixel of %o once, at one for %i', async (area, factor) => {
    const patches = await assistant.answer('superpixels', { area, factor, size: 24 })
    const owners = new Int32Array(WIDTH * HEIGHT).fill(-1)
    for (let patch = 0; patch * 4 < patches.boxes.length; patch++) {
      const region = patchRegion(patches, patch)
      region.pixels.forEach((bit, i) => {
        if (!bit) return
        const at = (region.y + Math.floor(i / region.width)) * WIDTH + region.x + (i % region.width)
        expect(owners[at]).toBe(-1)
        owners[at] = patch
      })
    }
    owners.forEach((owner, at) => {
      const place = { x: (at % WIDTH) + 0.5, y: Math.floor(at / WIDTH) + 0.5 }
      expect(patchAt(patches, place) ?? -1).toBe(owner)
    })
    expect(owners.filter((owner) => owner >= 0)).toHaveLength(area.width * area.height)
  })
})
