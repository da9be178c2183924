import { describe, expect, it } from 'vitest'
import { DEFAULTS } from '#core/learning/defaults'
import { dataWarnings, tornWarnings } from '#core/learning/warnings'

const balance = (images: number) => ({ images, foregroundShare: images === 0 ? null : 0.2 })
const warningsOf = (train: number, validation: number) =>
  dataWarnings(balance(train), balance(validation), DEFAULTS)

describe('a validation split', () => {
  it.each([
    [1, 'With 1 image to validate, mIoU says next to nothing'],
    [2, 'With 2 images to validate, mIoU says next to nothing'],
    [3, 'uncertain by about ±0.25'],
    [4, 'uncertain by about ±0.16'],
    [6, 'uncertain by about ±0.10']
  ])('of %i is too small to trust', (images, sentence) => {
    expect(warningsOf(30, images)).toEqual([expect.stringContaining(sentence)])
  })

  it.each([7, 8, 12, 100])('of %i is not worth a word', (images) => {
    expect(warningsOf(30, images)).toEqual([])
  })

  it('of a project with few labels is not complained about beside them', () => {
    expect(warningsOf(6, 2)).toEqual([expect.stringContaining('Only 8 images are labelled')])
  })
})

describe('groups in several splits', () => {
  it('are told by an example and a number', () => {
    expect(tornWarnings([])).toEqual([])
    expect(tornWarnings([['a.png', 'b.png']])).toEqual([
      expect.stringMatching(/^"a.png" and "b.png" belong together .*; draw the splits again/)
    ])
    expect(
      tornWarnings([
        ['a.png', 'b.png'],
        ['c.png', 'd.png'],
        ['e.png', 'f.png']
      ])
    ).toEqual([expect.stringContaining('"a.png" and "b.png" and 2 more groups')])
  })
})
