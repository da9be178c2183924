import { z } from 'zod'
import type { ImportOutcome } from './values'

/** What a colour or class of a mask file becomes. */
export const maskRole = z.enum(['foreground', 'unknown', 'background'])
export type MaskRole = z.infer<typeof maskRole>

/** What the person decided about a file of masks. */
export const maskChoice = z.object({
  /** By the name of the class; `usualRole` for those that are not in it. */
  roles: z.record(z.string().max(1000), maskRole),
  /** Labels that images have already are replaced; otherwise those images keep theirs. */
  replace: z.boolean(),
  /** Images that get nothing from this file. */
  leaveOut: z.array(z.int().positive())
})
export type MaskChoice = z.infer<typeof maskChoice>

/** Nothing was decided: the usual roles, no label is replaced. */
export const USUAL_CHOICE: MaskChoice = { roles: {}, replace: false, leaveOut: [] }

export type MaskFormat = 'picture' | 'coco' | 'labelme' | 'yolo'

/** A colour of pictures, or a class of objects. */
export interface MaskClass {
  /**
   * Of objects the class's own name, with `CROWD` behind it for crowds, or `numberedClass`. Of colours `#rrggbb`, of grey ones the number;
   * `TRANSPARENT`; or `NOT_BLACK`, where a picture has more colours than anyone would choose from.
   */
  name: string
  kind: 'colour' | 'object'
  /** Pixels or objects. */
  count: number
  /** Images that have it. */
  images: number
}

export const CROWD = ' (crowd)'
export const TRANSPARENT = 'transparent'
export const NOT_BLACK = 'everything but black'

/** What a class becomes while nobody has decided: black and transparent are background, crowds are unknown. */
export function usualRole(name: string): MaskRole {
  if (name.endsWith(CROWD) || /^(unknown|ignored?|void)$/i.test(name)) return 'unknown'
  return name === '0' || name === TRANSPARENT || /^_*background_*$/i.test(name) ? 'background' : 'foreground'
}

/** What became of one mask of a file that is being imported. */
export interface MaskImportProgress {
  outcome: ImportOutcome
  /** Masks of the file, this one included. */
  done: number
  total: number
}

/** What these classes become while nobody has decided. Black on nothing but transparent ground is paint. */
export function usualRoles(classes: readonly MaskClass[]): Record<string, MaskRole> {
  const roles = Object.fromEntries(classes.map(({ name }) => [name, usualRole(name)]))
  const isPaint = TRANSPARENT in roles && !Object.values(roles).includes('foreground')
  return isPaint && '0' in roles ? { ...roles, '0': 'foreground' } : roles
}

/** A mask that a file holds, and the image that it belongs to. */
export interface MaskMatch {
  /** As the file calls its image. */
  name: string
  /** Null where there is none, which `reason` explains. */
  image: { id: number; name: string; labelled: boolean } | null
  /** Why the mask cannot be used; null if it can. */
  reason: string | null
  /** What is worth knowing before it is used. */
  note: string | null
}

/** What a file would bring, before anything is written. */
export interface MaskPreview {
  /** Null for a file that cannot be read, or that only names classes. */
  format: MaskFormat | null
  matches: MaskMatch[]
  classes: MaskClass[]
  /** Names of the numbered classes of other files, which some formats keep apart. */
  names: string[] | null
}

/** The previews of several files as one. Of several masks for one image the first one counts. */
export function joinPreviews(previews: readonly MaskPreview[]): {
  classes: MaskClass[]
  matches: (MaskMatch & { file: number })[]
} {
  const classes = new Map<string, MaskClass>()
  const taken = new Set<number>()
  const matches: (MaskMatch & { file: number })[] = []
  previews.forEach((preview, file) => {
    for (const one of preview.classes) {
      const { count = 0, images = 0 } = classes.get(one.name) ?? {}
      classes.set(one.name, { ...one, count: count + one.count, images: images + one.images })
    }
    for (const match of preview.matches) {
      const again = match.image !== null && match.reason === null && taken.has(match.image.id)
      if (match.image && match.reason === null) taken.add(match.image.id)
      const reason = again ? `"${match.image!.name}" gets another mask of this import already.` : match.reason
      matches.push({ ...match, reason, file })
    }
  })
  return { classes: fewColours([...classes.values()]), matches }
}

/** Colours that a person can choose from. */
export const MOST_COLOURS = 64

/** Too many colours are one class: nobody chooses from them. */
function fewColours(classes: MaskClass[]): MaskClass[] {
  const shown = (one: MaskClass) => one.kind === 'object' || usualRole(one.name) === 'background'
  const colours = classes.filter((one) => !shown(one))
  if (colours.length <= MOST_COLOURS) return classes
  const count = colours.reduce((sum, one) => sum + one.count, 0)
  const images = Math.max(...colours.map((one) => one.images))
  return [...classes.filter(shown), { name: NOT_BLACK, kind: 'colour', count, images }]
}

/** The name under which YOLO's class of a number goes, whose own name another file has. */
export function numberedClass(number: number): string {
  return `class ${number}`
}

/** What to call a class: of numbered ones the name that one of the files gives. */
export function classTitle(name: string, previews: readonly MaskPreview[]): string {
  const names = previews.find((preview) => preview.names !== null)?.names ?? []
  return names.find((_, number) => numberedClass(number) === name) ?? name
}
