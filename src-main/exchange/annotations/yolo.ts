import { numberedClass } from '#core/api/maskImport'
import { buildAnnotations, SHAPES, type Annotations } from './annotations'
import { unusable } from './text'

/** Shares may stick out of the image a little, by rounding or by augmentation. */
const SHARE_LIMIT = 2

/**
 * A file of YOLO's segmentation: a line for each object, its class's number and the corners of its polygon as shares
 * of the image's width and height, for predictions with a confidence at the end. Lines with a box (four shares) have
 * no outline. A file without lines is an image without objects.
 *
 * @throws JaccardError `bad-input` for other content.
 */
export function readYolo(name: string, text: string): Annotations {
  const builder = buildAnnotations('yolo', { relative: true })
  builder.image(name, null, null)
  text.split('\n').forEach((line, i) => {
    const words = line.trim().split(/\s+/)
    if (words[0] === '') return
    const [className, ...shares] = words.map(Number)
    if (
      !Number.isInteger(className) ||
      className! < 0 ||
      shares.length < 4 ||
      !shares.every(Number.isFinite)
    ) {
      throw unusable(name, `is no file of YOLO labels: line ${i + 1} is not a class and its corners.`)
    }
    if (shares.some((share) => Math.abs(share) > SHARE_LIMIT)) {
      throw unusable(
        name,
        `has pixels in line ${i + 1} where YOLO has shares of width and height, from 0 to 1.`
      )
    }
    const isBox = shares.length < 6
    const corners = shares.slice(0, shares.length - (shares.length % 2))
    builder.shape(numberedClass(className!), isBox ? SHAPES.none : SHAPES.polygon, isBox ? [] : corners)
  })
  return builder.finish()
}

/**
 * The names of YOLO's classes by their numbers, from a `classes.txt` (one a line) or from the `names` of a data set's
 * YAML file, as a list in brackets, a list of lines, or lines with numbers.
 *
 * @returns Null where the file has none.
 */
export function readClassNames(fileName: string, text: string): string[] | null {
  if (!/\.ya?ml$/i.test(fileName)) {
    const lines = text.split('\n').map((line) => line.trim())
    const names = lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
    return names.length > 0 ? names : null
  }
  const block = /^names:[ \t]*(.*)\n?((?:[ \t]*(?:-|\d+[ \t]*:)[^\n]*(?:\n|$))*)/m.exec(
    text.replaceAll('\r', '')
  )
  if (!block) return null
  const [, inline, lines] = block
  const bracketed = /^\[(.*)\]$/.exec(inline!.trim())
  if (bracketed) return bracketed[1]!.split(',').map(unquoted)
  const names: string[] = []
  for (const line of lines!.split('\n')) {
    const item = /^[ \t]*(?:-|(\d{1,5})[ \t]*:)[ \t]*(.*)$/.exec(line)
    if (item) names[item[1] === undefined ? names.length : Number(item[1])] = unquoted(item[2]!)
  }
  return names.length > 0 ? Array.from(names, (name, i) => name ?? String(i)) : null
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2')
}
