// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { Details } from '../../../src-renderer/review/details'

const SIZE = 10

function detailsOf(most: number) {
  const reads: number[] = []
  const details = new Details(
    async (imageId) => {
      reads.push(imageId)
      return {
        imageId,
        width: SIZE,
        height: SIZE,
        probabilities: new Uint8Array(SIZE * SIZE),
        label: new Uint8Array(SIZE * SIZE)
      }
    },
    most * 2 * SIZE * SIZE
  )
  return { details, reads }
}

describe('details of predictions', () => {
  it('are read once, also when two ask at the same time', async () => {
    const { details, reads } = detailsOf(8)
    await Promise.all([details.get(1), details.get(1)])
    await details.get(1)
    expect(reads).toEqual([1])
  })

  it('make room by forgetting what nobody has looked at for longest', async () => {
    const { details, reads } = detailsOf(2)
    await details.get(1)
    await details.get(2)
    await details.get(1)
    await details.get(3)
    await details.get(1)
    expect(reads).toEqual([1, 2, 3])
    await details.get(2)
    expect(reads).toEqual([1, 2, 3, 2])
  })

  it('are asked for again after a failure', async () => {
    let works = false
    const details = new Details(async (imageId) => {
      if (!works) throw new Error('no answer')
      return { imageId, width: 1, height: 1, probabilities: new Uint8Array(1), label: new Uint8Array(1) }
    })
    await expect(details.get(1)).rejects.toThrow('no answer')
    works = true
    expect((await details.get(1)).imageId).toBe(1)
  })
})
