import type { MaskFormat } from '#core/api/maskImport'

/** What a shape's numbers are. */
export const SHAPES = {
  /** No outline: a point, a line, a box around an object. */
  none: 0,
  /** Corners, `x, y, x, y, …` */
  polygon: 1,
  /** Centre and radius. */
  circle: 2,
  /** Height, width, and COCO's run lengths. */
  runs: 3,
  /** Left, top, and the number of a picture. */
  picture: 4
} as const

/** An image as an annotation file knows it. */
export interface AnnotatedImage {
  name: string
  /** In pixels, where the file says so. */
  width: number | null
  height: number | null
  /** Why its shapes cannot be used. */
  fault: string | null
  /** Its shapes are those from `start` to before `end`. */
  start: number
  end: number
}

/** What an annotation file says, its shapes in columns so that a million of them pass between threads at once. */
export interface Annotations {
  format: Exclude<MaskFormat, 'picture'>
  classes: string[]
  images: AnnotatedImage[]
  /** By shape, one of `SHAPES`. */
  kinds: Uint8Array
  /** By shape, the number of its class. */
  classOf: Uint32Array
  /** By shape, where its numbers begin; one more for the end. */
  starts: Uint32Array
  numbers: Float64Array
  /** Coordinates are shares of the image's width and height. */
  relative: boolean
  /** PNG files of shapes, nonzero inside. */
  pictures: Uint8Array[]
}

/** Farther than this from the image no shape reaches, in pixels. */
const FAR = 1e7

/** Collects what a file says. Shapes belong to the image that was begun last. */
export interface AnnotationBuilder {
  image(name: string, width: number | null, height: number | null): void
  shape(className: string, kind: number, numbers: ArrayLike<number>): void
  /** @param png The mask inside of a box of the image that begins at left, top. */
  picture(className: string, left: number, top: number, png: Uint8Array): void
  /** The image cannot be used; the first reason stays. */
  fault(reason: string): void
  finish(): Annotations
}

/** A builder that has collected nothing yet. A shape with coordinates far away is its image's fault. */
export function buildAnnotations(
  format: Annotations['format'],
  options: { relative?: boolean } = {}
): AnnotationBuilder {
  const classes = new Map<string, number>()
  const images: AnnotatedImage[] = []
  const kinds: number[] = []
  const classOf: number[] = []
  const starts: number[] = [0]
  const pictures: Uint8Array[] = []
  let numbers = new Float64Array(1024)
  let used = 0

  function add(className: string, kind: number, values: ArrayLike<number>): void {
    if (used + values.length > numbers.length) {
      const larger = new Float64Array(Math.max(2 * numbers.length, used + values.length))
      larger.set(numbers)
      numbers = larger
    }
    numbers.set(values, used)
    used += values.length
    if (!classes.has(className)) classes.set(className, classes.size)
    kinds.push(kind)
    classOf.push(classes.get(className)!)
    starts.push(used)
    images.at(-1)!.end = kinds.length
  }

  return {
    image: (name, width, height) => {
      images.push({ name, width, height, fault: null, start: kinds.length, end: kinds.length })
    },
    shape: (className, kind, values) => {
      if (kind === SHAPES.polygon || kind === SHAPES.circle) {
        for (let i = 0; i < values.length; i++) {
          if (Math.abs(values[i]!) <= FAR) continue
          images.at(-1)!.fault ??= `a coordinate is ${values[i]}, far outside of any image`
          return
        }
      }
      // A polygon needs three corners to have an inside.
      const empty = kind === SHAPES.polygon && values.length < 6
      add(className, empty ? SHAPES.none : kind, empty ? [] : values)
    },
    picture: (className, left, top, png) => {
      add(className, SHAPES.picture, [left, top, pictures.push(png) - 1])
    },
    fault: (reason) => {
      images.at(-1)!.fault ??= reason
    },
    finish: () => ({
      format,
      classes: [...classes.keys()],
      images,
      kinds: Uint8Array.from(kinds),
      classOf: Uint32Array.from(classOf),
      starts: Uint32Array.from(starts),
      numbers: numbers.slice(0, used),
      relative: options.relative ?? false,
      pictures
    })
  }
}
