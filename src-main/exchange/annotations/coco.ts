import { z } from 'zod'
import { CROWD } from '#core/api/maskImport'
import { messageOf } from '#core/errors'
import { buildAnnotations, SHAPES, type AnnotationBuilder, type Annotations } from './annotations'
import { decodeCounts } from './rle'
import { checked } from './text'

/** Numbers in most files, text in some, and in a few both for the same. */
const id = z.union([z.number(), z.string()]).transform(String)
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
  const byImage = new Map<string, CocoAnnotation[]>()
  const repeated = new Set<string>()
  for (const image of images) {
    if (byImage.has(image.id)) repeated.add(image.id)
    byImage.set(image.id, [])
  }
  const strays = new Map<string, CocoAnnotation>()
  for (const one of annotations) {
    const own = byImage.get(one.image_id)
    if (own) own.push(one)
    else strays.set(one.image_id, one)
  }
  const builder = buildAnnotations('coco')
  for (const { id, file_name: file, ...size } of images) {
    const own = byImage.get(id)!
    const { width, height } = sizeOf(size, own)
    builder.image(file, width, height)
    for (const one of own) addAnnotation(one, [height, width])
    if (repeated.has(id)) builder.fault(`the file has several images of the number ${id}`)
  }
  for (const [id, one] of strays) {
    builder.image(`image ${id}`, null, null)
    addAnnotation(one, [null, null])
    builder.fault('the file does not say which image this is')
  }
  return builder.finish()

  function addAnnotation(annotation: CocoAnnotation, imageSize: ImageSize): void {
    const { category_id: category, segmentation, iscrowd } = annotation
    const known = category === null || category === undefined ? 'object' : classNames.get(category)
    const className = (known ?? `class ${category}`) + (iscrowd ? CROWD : '')
    if (segmentation && 'counts' in segmentation) addRuns(builder, className, segmentation, imageSize)
    else addPolygons(builder, className, segmentation ?? [])
  }
}

type ImageSize = [height: number | null, width: number | null]

/** An image's size as the file gives it, or else as the first of its run-length masks does. */
function sizeOf(
  { width, height }: { width?: number | null | undefined; height?: number | null | undefined },
  annotations: CocoAnnotation[]
): { width: number | null; height: number | null } {
  if (width && height) return { width, height }
  for (const { segmentation } of annotations) {
    if (segmentation && 'counts' in segmentation) {
      return { height: segmentation.size[0], width: segmentation.size[1] }
    }
  }
  return { width: null, height: null }
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
  [imageHeight, imageWidth]: ImageSize
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
