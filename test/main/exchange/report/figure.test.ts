import { describe, expect, it } from 'vitest'
import { sheetOf, stripOf, type Cell, type StripRun } from '#main/exchange/report/figure'

/** The colours of a picture's pixels, `r,g,b` each. */
const colours = ({ picture }: Cell) =>
  Array.from({ length: picture.rgb.length / 3 }, (_, i) => [...picture.rgb.subarray(3 * i, 3 * i + 3)].join())

const WHITE = '255,255,255'
const BLACK = '0,0,0'

/** A run on a picture of 2 × 2 pixels. */
const stripRun = (name: string, ...steps: number[]): StripRun => ({
  name,
  width: 2,
  height: 2,
  image: Uint8Array.from({ length: 12 }, (_, i) => i),
  label: Uint8Array.of(0, 1, 2, 1),
  level: 128,
  outputs: steps.map((step) => ({ step, probabilities: Uint8Array.of(0, 127, 128, 255) }))
})

describe('the strip', () => {
  it('shows input, outputs, the same thresholded, and the mask, a row per run', () => {
    const { headings, rows } = stripOf([stripRun('upper', 1, 20), stripRun('lower', 1, 20)], 1.5)
    expect(headings).toEqual([
      ['input'],
      ['step 1', 'probability'],
      ['step 20', 'probability'],
      ['step 1', 'thresholded'],
      ['step 20', 'thresholded'],
      ['mask']
    ])
    expect(rows.map(({ name, aspect }) => [name, aspect])).toEqual([
      ['upper', 1.5],
      ['lower', 1.5]
    ])
    const [input, probability, , mask, , label] = rows[0]!.cells
    expect([...input!.picture.rgb]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(colours(probability!)).toEqual(['0,0,0', '127,127,127', '128,128,128', '255,255,255'])
    expect(colours(mask!)).toEqual([BLACK, BLACK, WHITE, WHITE])
    expect(colours(label!)).toEqual([BLACK, WHITE, '201,162,255', WHITE])
  })

  it('says each run’s own step where they differ', () => {
    const { headings, rows } = stripOf([stripRun('upper', 10, 60), stripRun('lower', 10, 48)], 1)
    expect(headings.slice(1, 3)).toEqual([
      ['step 10', 'probability'],
      ['best step', 'probability']
    ])
    expect(rows.map(({ cells }) => [cells[1]!.caption, cells[2]!.caption])).toEqual([
      [undefined, 'step 60'],
      [undefined, 'step 48']
    ])
  })
})

describe('the sheet', () => {
  it('shows every sample with what each run makes of it, and its IoU', () => {
    const prediction = { width: 1, height: 1, probabilities: Uint8Array.of(100), level: 90, iou: 0.51234 }
    const sample = { aspect: 1, width: 1, height: 1, image: Uint8Array.of(1, 2, 3), label: Uint8Array.of(0) }
    const { headings, rows } = sheetOf(
      ['run 3', 'run 4'],
      ['a.png', 'b.png'].map((name) => ({
        ...sample,
        name,
        predictions: [prediction, { ...prediction, level: 101, iou: 0 }]
      }))
    )
    expect(headings.map((lines) => lines.join(' '))).toEqual([
      ...['input', 'mask', 'run 3 probability', 'run 3 thresholded'],
      ...['run 4 probability', 'run 4 thresholded']
    ])
    expect(rows.map(({ name }) => name)).toEqual(['a.png', 'b.png'])
    expect(rows[0]!.cells.map(colours).flat()).toEqual([
      ...['1,2,3', BLACK, '100,100,100', WHITE, '100,100,100', BLACK]
    ])
    expect(rows[0]!.cells.map(({ caption }) => caption)).toEqual([
      ...[undefined, undefined, undefined, 'IoU 0.512', undefined, 'IoU 0.000']
    ])
  })
})
