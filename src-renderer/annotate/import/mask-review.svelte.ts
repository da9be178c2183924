import {
  classTitle,
  joinPreviews,
  usualRoles,
  type MaskChoice,
  type MaskClass,
  type MaskMatch,
  type MaskPreview,
  type MaskRole
} from '#core/api/maskImport'
import type { ImportStep } from './plan'

/** A file of masks and what it would bring. */
export interface LookedAt {
  step: ImportStep
  preview: MaskPreview
}

/** What the person sees of masks before they are written, and decides. */
export class MaskReview {
  readonly classes: (MaskClass & { title: string })[]
  readonly matches: (MaskMatch & { file: number })[]
  roles = $state<Record<string, MaskRole>>({})
  replace = $state(false)

  /** Those that can be used, whatever the person decides about labels that are there. */
  readonly usable: (MaskMatch & { file: number })[]
  readonly labelled: number
  /** Masks that will be written. */
  readonly count = $derived.by(() => (this.replace ? this.usable.length : this.usable.length - this.labelled))
  readonly #files: LookedAt[]
  #decide: (choices: FileChoice[] | null) => void = () => undefined
  /** Resolves when the person has decided: what to do with each file, or null to leave all of them out. */
  readonly decision = new Promise<FileChoice[] | null>((resolve) => (this.#decide = resolve))

  constructor(files: LookedAt[]) {
    this.#files = files
    const previews = files.map(({ preview }) => preview)
    const { classes, matches } = joinPreviews(previews)
    this.classes = classes.map((one) => ({ ...one, title: classTitle(one.name, previews) }))
    this.matches = matches
    this.usable = matches.filter(({ reason }) => reason === null)
    this.labelled = this.usable.filter(({ image }) => image!.labelled).length
    this.roles = usualRoles(classes)
  }

  /** Those that cannot be used, with their reasons. */
  get leftOut(): (MaskMatch & { file: number })[] {
    return this.matches.filter(({ reason }) => reason !== null)
  }

  /** Of files of which nothing can be used: importing the others tells of theirs. */
  get unusable(): (MaskMatch & { file: number })[] {
    const used = this.usable.map(({ file }) => file)
    return this.leftOut.filter(({ file }) => !used.includes(file))
  }

  /** Something will be foreground. */
  get hasForeground(): boolean {
    return this.classes.length === 0 || Object.values(this.roles).includes('foreground')
  }

  confirm(): void {
    const { replace } = this
    const roles = $state.snapshot(this.roles)
    const choices = this.#files.map(({ step }, file) => {
      const own = this.matches.filter((match) => match.file === file)
      const again = own.filter(({ image, reason }) => image && reason !== null).map(({ image }) => image!.id)
      return { step, choice: { roles, replace, leaveOut: again }, masks: own.length }
    })
    this.#decide(choices.filter((_, file) => this.usable.some((match) => match.file === file)))
  }

  cancel(): void {
    this.#decide(null)
  }
}

/** What is to be done with a file. */
export interface FileChoice {
  step: ImportStep
  choice: MaskChoice
  masks: number
}
