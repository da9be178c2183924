import { z } from 'zod'
import { CROWD } from '#core/api/maskImport'
import { messageOf } from '#core/errors'
import { buildAnnotations, SHAPES, type AnnotationBuilder, type Annotations } from './annotations'
import { decodeCounts } from './rle'
import { checked } from './text'

const id = z.union([z.number(), z.string()])
const size = z.int().positive()
const numbers = z.array(z.number())

const runs = z.object({ size: z.tuple([size, size]), counts: z.union([z.string(), z.array(z.int().min(0))]) })
type Runs = z.infer<typeof runs>

const cocoFile = z.object({
  images: z.array(
    z.object({ id, file_name: z.string().min(1), width: size.nullish(), height: size.nullish() })
  ),
  annotations: z.array(
    z.object({
      image_id: id,
      category_id: id.nullish(),
      segmentation: z.union([z.array(numbers), runs, numbers]).nullish(),
      iscrowd: z.union([z.number(), z.boolean()]).nullish()
    })
  ),
  categories: z.array(z.object({ id, name: z.string() })).nullish()
})
type CocoAnnotation = z.infer<typeof cocoFile>['annotations'][number]

/**
 * Instances of COCO: polygons, and run lengths in numbers or text. Crowds are classes of their own. Images without
 * annotations have a mask that is empty.
 *
 * @throws JaccardError `bad-input` for other content.
 */
export function readCoco(name: string, content: unknown): Annotations {
  const { images, annotations, categories } = checked(name, 'COCO', cocoFile, content)
  const classNames = new Map((categories ?? []).map((category) => [category.id, category.name]))
  const byImage = new Map<number | string, CocoAnnotation[]>()
  for (const one of annotations) {
    const others = byImage.get(one.image_id)
    if (others) others.push(one)
    else byImage.set(one.image_id, [one])
  }
  const builder = buildAnnotations('coco')
  for (const { id, file_name: file, width, height } of images) {
    builder.image(file, width ?? null, height ?? null)
    for (const one of byImage.get(id) ?? []) addAnnotation(one, [height, width])
    byImage.delete(id)
  }
  for (const [id, [first]] of byImage) {
    builder.image(`image ${id}`, null, null)
    addAnnotation(first!, [])
    builder.fault('the file does not say which image this is')
  }
  return builder.finish()

  function addAnnotation(annotation: CocoAnnotation, imageSize: (number | null | undefined)[]): void {
    const { category_id: category, segmentation, iscrowd } = annotation
    const known = category === null || category === undefined ? 'object' : classNames.get(category)
    const className = (known ?? `class ${category}`) + (iscrowd ? CROWD : '')
    if (segmentation && 'counts' in segmentation) addRuns(builder, className, segmentation, imageSize)
    else addPolygons(builder, className, segmentation ?? [])
  }
}

function addPolygons(builder: AnnotationBuilder, className: string, given: number[] | number[][]): void {
  const polygons =
    given.length > 0 && typeof given[0] === 'number' ? [given as number[]] : (given as number[][])
  if (polygons.length === 0) builder.shape(className, SHAPES.none, [])
  for (const polygon of polygons) {
    if (polygon.length % 2 === 1) builder.fault('a polygon has an x without a y')
    else builder.shape(className, SHAPES.polygon, polygon)
  }
}

function addRuns(
  builder: AnnotationBuilder,
  className: string,
  { size: [height, width], counts }: Runs,
  [imageHeight, imageWidth]: (number | null | undefined)[]
): void {
  if ((imageHeight ?? height) !== height || (imageWidth ?? width) !== width) {
    builder.fault(
      `a run-length mask is ${width} × ${height} pixels, but its image ${imageWidth} × ${imageHeight}`
    )
    return
  }
  let lengths: number[]
  try {
    lengths = typeof counts === 'string' ? decodeCounts(counts) : counts
  } catch (error) {
    builder.fault(messageOf(error))
    return
  }
  const sum = lengths.reduce((total, length) => total + length, 0)
  if (sum === width * height) builder.shape(className, SHAPES.runs, [height, width, ...lengths])
  else builder.fault(`a run-length mask has ${sum} pixels, but its image ${width * height}`)
}
