import { expect, it } from 'vitest'
import { decodeMask } from '#core/mask/codec'
import { flatten } from '#core/mask/tiles'
import { buildAnnotations, SHAPES } from '#main/exchange/annotations/annotations'
import { rasterise, shapesOf } from '#main/exchange/annotations/rasterise'

/** Draws shapes over an image. */
function draw(width: number, height: number, shapes: [className: string, numbers: ArrayLike<number>][]) {
  const builder = buildAnnotations('labelme')
  builder.image('a.png', width, height)
  for (const [name, numbers] of shapes) builder.shape(name, SHAPES.polygon, numbers)
  const annotations = builder.finish()
  const values: Record<string, number> = { thing: 1, crowd: 2 }
  const drawn = shapesOf(annotations, annotations.images[0]!, (name) => values[name] ?? 0)
  return rasterise({ ...drawn, pictures: [], subject: 'The mask "a.json"', width, height })
}

it('lays foreground over unknown, whatever comes first, and leaves out what is neither', () => {
  const square = (x: number, y: number) => [x, y, x + 2, y, x + 2, y + 2, x, y + 2]
  const { tiles, foreground } = draw(4, 3, [
    ['thing', square(0, 0)],
    ['crowd', square(1, 1)],
    ['other', square(2, 0)]
  ])
  expect([...flatten(decodeMask(4, 3, tiles))]).toEqual([1, 1, 0, 0, 1, 1, 2, 0, 0, 2, 2, 0])
  expect(foreground).toBe(4)
})

it('refuses shapes that would take for ever instead of drawing them', () => {
  // Ten thousand times across ten million rows, down and up again.
  const zigzag = Float64Array.from({ length: 40_000 }, (_, i) =>
    i % 4 === 3 ? 1e7 : i % 2 === 0 ? i / 1e5 : 0
  )
  const sheet: [string, ArrayLike<number>][] = [['thing', zigzag]]
  expect(() => draw(1, 1e7, sheet)).toThrow('The mask "a.json" has too many and too large shapes')
})
