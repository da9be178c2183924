import { usualRole, type MaskClass, type MaskFormat, type MaskRole } from '#core/api/maskImport'
import { BACKGROUND } from '#core/mask/values'
import { decodeMaskImage, readMaskSamples } from '#main/images/decode'
import { openImage, type ImageFile } from '#main/images/open'
import { imagePages } from '#main/images/pages'
import { POOL_SIZE, runPixelJob } from '#main/images/pool.node'
import { inOrder } from '#main/training/inOrder'
import { SHAPES, type AnnotatedImage, type Annotations } from './annotations/annotations'
import { MASK_VALUES, type ComputedMask } from './annotations/colours'
import { shapesOf } from './annotations/rasterise'
import { ANNOTATION_EXTENSIONS } from './annotations/read'
import { pageName } from './names'

type Roles = Record<string, MaskRole>

/** A mask in a file; its pixels are computed when they are asked for. */
export interface FoundMask {
  /** As the file calls its image, and as the file itself is called where that may be the image's name as well. */
  imageNames: string[]
  /** The mask in a sentence: `The mask "a.png"`. */
  subject: string
  /** By which the mask is told from others in a list. */
  label: string
  /** Which page of the file it is, from 0, and how many masks the file has in this way; null where it has one picture. */
  page: { number: number; of: number } | null
  /** In pixels, where the file says so. */
  size: { width: number; height: number } | null
  /** Why it cannot be used. */
  fault: string | null
  /** How many of the objects that become something have an outline, and how many have none. */
  objects(roles: Roles): { outlined: number; missing: number }
  /** The pixels over an image of this size, computed in a worker thread. */
  compute(width: number, height: number, roles: Roles): Promise<ComputedMask>
}

/** A file of masks. */
export interface MaskFile {
  format: MaskFormat
  masks: FoundMask[]
  classes(): Promise<MaskClass[]>
}

/** Whether a name is that of an annotation file, and not of a picture. */
export function isAnnotationFile(name: string): boolean {
  return ANNOTATION_EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension))
}

/**
 * Looks into a file of masks: a picture, or annotations of other programs.
 *
 * @throws JaccardError `bad-input` for a file that cannot be read.
 */
export function openMaskFile(file: ImageFile): Promise<MaskFile> {
  return isAnnotationFile(file.name) ? openAnnotations(file) : openPicture(file)
}

/** A picture's pages are masks of their own: page n is that of page n of an image. */
async function openPicture(file: ImageFile): Promise<MaskFile> {
  const opened = await openImage(file)
  const numbers = await imagePages(opened)
  const masks: FoundMask[] = []
  for (const number of numbers) {
    const { facts } = number === 0 ? opened : await openImage({ ...file, page: number })
    masks.push(maskOfPage({ ...file, page: number }, numbers.length, facts))
  }
  return { format: 'picture', masks, classes: () => coloursOf(file, numbers) }
}

function maskOfPage(file: ImageFile & { page: number }, pages: number, size: FoundMask['size']): FoundMask {
  const { name, page } = file
  const own =
    pages === 1
      ? { imageNames: [name], subject: `The mask "${name}"`, label: name, page: null }
      : {
          // An image of one page has the name of its file.
          imageNames: page === 0 ? [pageName(name, page), name] : [pageName(name, page)],
          subject: `Page ${page + 1} of the mask "${name}"`,
          label: pageName(name, page),
          page: { number: page, of: pages }
        }
  return {
    ...own,
    size,
    fault: null,
    objects: () => ({ outlined: 1, missing: 0 }),
    compute: (_width, _height, roles) =>
      runPixelJob('maskOfColours', async () => {
        const picture = await readMaskSamples(file)
        return { input: { ...picture, roles }, transfer: [picture.samples.buffer] }
      })
  }
}

async function coloursOf(file: ImageFile, pages: number[]): Promise<MaskClass[]> {
  const found = new Map<string, MaskClass>()
  const counted = inOrder(pages, POOL_SIZE + 1, (page) =>
    runPixelJob('maskColours', async () => {
      const picture = await readMaskSamples({ ...file, page })
      return { input: picture, transfer: [picture.samples.buffer] }
    })
  )
  for await (const { names, counts } of counted) {
    names.forEach((name, i) => {
      const { count = 0, images = 0 } = found.get(name) ?? {}
      found.set(name, { name, kind: 'colour', count: count + counts[i]!, images: images + 1 })
    })
  }
  return [...found.values()]
}

async function openAnnotations(file: ImageFile): Promise<MaskFile> {
  const annotations = await runPixelJob('readAnnotations', () => ({ input: file }))
  const masks = annotations.images.map((image) => maskOfImage(file, annotations, image))
  return { format: annotations.format, masks, classes: async () => classesOf(annotations) }
}

function maskOfImage(file: ImageFile, annotations: Annotations, image: AnnotatedImage): FoundMask {
  const { name, width, height, fault, start, end } = image
  const single = annotations.format !== 'coco'
  const subject = single ? `The mask "${file.name}"` : `"${name}" in "${file.name}"`
  const valueOf = (roles: Roles) => (className: string) =>
    MASK_VALUES[roles[className] ?? usualRole(className)]
  return {
    imageNames: single ? [...new Set([name, file.name])] : [name],
    subject,
    label: single ? file.name : `${name} in ${file.name}`,
    page: null,
    size: width !== null && height !== null ? { width, height } : null,
    fault: fault && `${subject} cannot be used: ${fault}; correct it, or export it again.`,
    objects: (roles) => {
      const value = valueOf(roles)
      let [outlined, missing] = [0, 0]
      for (let shape = start; shape < end; shape++) {
        if (value(annotations.classes[annotations.classOf[shape]!]!) === BACKGROUND) continue
        if (annotations.kinds[shape] === SHAPES.none) missing++
        else outlined++
      }
      return { outlined, missing }
    },
    compute: async (width, height, roles) => {
      const shapes = shapesOf(annotations, image, valueOf(roles))
      const pictures = await Promise.all(
        annotations.pictures.map((bytes) => decodeMaskImage({ name: file.name, bytes }))
      )
      return runPixelJob('rasterise', () => ({ input: { ...shapes, pictures, subject, width, height } }))
    }
  }
}

function classesOf({ classes, images, classOf }: Annotations): MaskClass[] {
  const counted = classes.map((name) => ({ name, kind: 'object' as const, count: 0, images: 0 }))
  for (const { start, end } of images) {
    const present = new Set<number>()
    for (let shape = start; shape < end; shape++) {
      counted[classOf[shape]!]!.count++
      present.add(classOf[shape]!)
    }
    for (const number of present) counted[number]!.images++
  }
  return counted
}
