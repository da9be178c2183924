import { z } from 'zod'
import { buildAnnotations, SHAPES, type Annotations } from './annotations'
import { checked, unusable } from './text'

const labelmeFile = z.object({
  shapes: z.array(
    z.object({
      label: z.union([z.string(), z.number()]),
      points: z.array(z.tuple([z.number(), z.number()])),
      shape_type: z.string().nullish(),
      mask: z.string().nullish()
    })
  ),
  imagePath: z.string().nullish(),
  imageWidth: z.int().positive().nullish(),
  imageHeight: z.int().positive().nullish()
})
type LabelmeShape = z.infer<typeof labelmeFile>['shapes'][number]

/**
 * A file of labelme, or of a program that writes the same: polygons, rectangles, circles and masks. Points and lines
 * have no inside.
 *
 * @throws JaccardError `bad-input` for other content.
 */
export function readLabelme(name: string, content: unknown): Annotations {
  const { shapes, imagePath, imageWidth, imageHeight } = checked(name, 'labelme', labelmeFile, content)
  const builder = buildAnnotations('labelme')
  builder.image(imagePath || name, imageWidth ?? null, imageHeight ?? null)
  for (const shape of shapes) {
    const label = String(shape.label)
    if (shape.shape_type === 'mask') {
      const [corner] = shape.points
      if (!corner || !shape.mask)
        throw unusable(name, `has a mask of "${label}" without its pixels; export it again.`)
      builder.picture(label, Math.trunc(corner[0]), Math.trunc(corner[1]), Buffer.from(shape.mask, 'base64'))
    } else {
      builder.shape(label, ...outlineOf(shape))
    }
  }
  return builder.finish()
}

function outlineOf({ shape_type: type, points }: LabelmeShape): [kind: number, numbers: number[]] {
  const [first, second] = points
  switch (type ?? 'polygon') {
    case 'polygon':
    case 'rotation':
    case 'oriented_rectangle':
      return [SHAPES.polygon, points.flat()]
    case 'rectangle': {
      if (points.length !== 2) return [SHAPES.polygon, points.flat()]
      const [[x0, y0], [x1, y1]] = [first!, second!]
      return [SHAPES.polygon, [x0, y0, x1, y0, x1, y1, x0, y1]]
    }
    case 'circle':
      if (!first || !second) return [SHAPES.none, []]
      return [SHAPES.circle, [...first, Math.hypot(second[0] - first[0], second[1] - first[1])]]
    default:
      return [SHAPES.none, []]
  }
}
