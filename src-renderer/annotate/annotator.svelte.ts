import type { ImageState, ImageSummary, Split } from '#core/api/values'
import { messageOf } from '#core/errors'
import type { Stroke } from '#core/mask/paint'
import type { Mask } from '#core/mask/tiles'
import { api } from '../shared/api'
import { isUnanswered } from '../shared/failures'
import { session } from '../shared/session.svelte'
import { attempt, toasts } from '../shared/toasts.svelte'
import { AssistClient } from './assist/client'
import { startAssistThread } from './assist/thread'
import { imageList } from './flow/image-list.svelte'
import { MaskEditor } from './mask-editor'
import { MaskQueue, type MaskCalls } from './mask-queue'
import type { Picture } from './picture/picture'
import { Pictures, type PictureAddress } from './picture/pictures'
import { seeing } from './seeing/seeing.svelte'
import { rememberToolSettings, toolSettings } from './tool-settings.svelte'
import type { PaintTarget } from './tools/stroke-line'
import { Suggestions, type SuggestHost } from './suggest/suggestions.svelte'
import { isUnfinished, neighbour, nextUnfinished, unfinishedAfter } from './walk'

const calls: MaskCalls = {
  read: (imageId) => api.masks.read.query({ imageId }),
  commit: (stroke) => api.masks.commit.mutate(stroke),
  undo: (imageId) => api.masks.undo.mutate({ imageId }),
  redo: (imageId) => api.masks.redo.mutate({ imageId }),
  online: () => session.online(),
  isUnanswered
}

/** The image on screen. */
export interface OpenImage {
  url: string
  address: PictureAddress
  picture: Picture
  editor: MaskEditor
}

/** A gesture that undo and redo have to respect. */
export interface Gesture {
  readonly busy: boolean
  /** Takes its last step back; false where undo concerns the mask. */
  stepBack(): boolean
  /** Does what the tool's options say. */
  apply(): void
}

/** No gesture is under way. */
export const AT_REST: Gesture = { busy: false, stepBack: () => false, apply: () => undefined }

/**
 * The image being annotated: its picture, its mask, and the saving of what is painted. Lives as long as the window,
 * so that leaving the screen loses nothing.
 */
class Annotator implements PaintTarget {
  readonly settings = toolSettings
  open = $state.raw<OpenImage | null>(null)
  /** Why the current image cannot be shown. */
  fault = $state<string | null>(null)
  /** The image is drawn coarser than it is until its tiles are made. */
  preparing = $state(false)
  /** Edits that are not saved yet. */
  pending = $state(0)
  maskHidden = $state(false)
  canUndo = $state(false)
  canRedo = $state(false)
  /** The screen shows the image that was asked for last. */
  readonly current = $derived(
    this.open !== null && session.imageId !== null && this.open.url === session.imageUrl(session.imageId)
  )
  readonly canPaint = $derived(this.current && !session.readOnly)

  /** What the tools are in the middle of, where they are on screen. */
  gesture: Gesture = AT_REST
  /** Called whenever an edit was carried out: what waited for it can go on. */
  onready: () => void = () => undefined
  /** Called when the mask looks different without the person's brush. */
  onmask: () => void = () => undefined

  /** Computes for the tools. */
  readonly assist = new AssistClient(startAssistThread, (sentence) => toasts.show(sentence, 'error'))
  /** What a trained run would paint. */
  readonly suggestions = new Suggestions(suggestHost(this))
  readonly #pictures = new Pictures()
  readonly #queue = new MaskQueue(calls, {
    pending: (count) => {
      this.pending = count
      this.#updateSteps()
      this.onready()
    },
    saved: (_imageId, { image }) => session.takeSummaries([image]),
    stepped: (imageId, { tiles, image }) => {
      this.#editorOf(imageId)?.apply(tiles)
      this.onmask()
      session.takeSummaries([image])
    },
    replaced: (imageId, content, sentence) => {
      this.#editorOf(imageId)?.replace(content)
      this.onmask()
      if (sentence) toasts.show(sentence, 'error')
    },
    failed: (imageId, sentence) => {
      if (this.#editorOf(imageId)) this.#fail(sentence)
      else toasts.show(sentence, 'error')
    }
  })
  /** Counts the images asked for, so that a late answer is not taken for the latest. */
  #asked = 0
  #marking = false

  /** Keeps up with changes from elsewhere; returns a function that stops it. */
  start(): () => void {
    const stops = [
      $effect.root(() => {
        $effect(() => {
          if (session.image) void this.#reloadIfOld(session.image.id, session.image.revision)
        })
        $effect(() => this.assist.show(this.open?.address ?? null))
      }),
      rememberToolSettings(),
      seeing.start(),
      imageList.start(),
      this.suggestions.start(),
      session.beforeClose(() => this.saved()),
      () => this.assist.close()
    ]
    return () => stops.forEach((stop) => stop())
  }

  /** Shows an image, once it and its mask are there; null shows none. */
  async show(imageId: number | null): Promise<void> {
    const asked = ++this.#asked
    this.fault = null
    if (imageId === null) {
      this.open = null
      return
    }
    const url = session.imageUrl(imageId)
    if (this.open?.url === url) return
    try {
      const image = session.images.find(({ id }) => id === imageId)
      const loading = image && this.#pictures.load(addressOf(image))
      const [picture, content] = await Promise.all([loading, this.#queue.load(imageId)])
      if (asked !== this.#asked || !image || !picture) return
      this.open = { url, address: addressOf(image), picture, editor: new MaskEditor(imageId, content) }
      this.#updateSteps()
      void this.#prepare(this.open)
      for (const steps of [1, -1]) {
        const near = neighbour(imageList.shown, imageId, steps)
        if (near && near.id !== imageId) this.#pictures.preload(addressOf(near))
      }
    } catch (error) {
      if (asked === this.#asked) this.#fail(messageOf(error))
    }
  }

  /** Resolves when everything painted so far is in the project. */
  saved(): Promise<void> {
    return this.#queue.idle()
  }

  get ready(): boolean {
    return this.open !== null && !this.#queue.isStepping(this.open.editor.imageId)
  }

  begin(): void {
    this.maskHidden = false
    this.open?.editor.begin()
  }

  draw(paint: (mask: Mask, stroke: Stroke) => void): void {
    this.open?.editor.draw(paint)
  }

  commit(tool: string): void {
    if (!this.open) return
    const { editor } = this.open
    const tiles = editor.finish()
    if (tiles.length > 0) this.#queue.stroke(editor.imageId, tool, tiles)
  }

  revert(): void {
    this.open?.editor.revert()
  }

  /** Takes the last step of a gesture back, or else the last edit. */
  undo(): void {
    if (this.gesture.stepBack()) return
    if (this.canPaint && this.canUndo && this.open) this.#queue.undo(this.open.editor.imageId)
  }

  redo(): void {
    if (!this.gesture.busy && this.canPaint && this.canRedo && this.open)
      this.#queue.redo(this.open.editor.imageId)
  }

  /** Goes to the previous (−1) or next (1) image. */
  step(steps: 1 | -1): void {
    session.imageId = neighbour(imageList.shown, session.imageId, steps)?.id ?? null
  }

  goToNextUnfinished(): void {
    const next = nextUnfinished(imageList.shown, session.imageId)
    if (next) session.imageId = next.id
    else toasts.show(`No other image${imageList.filtering ? ' of those shown' : ''} is unfinished.`)
  }

  /** Marks the current image; where it is then finished, goes on to the next unfinished one. */
  async mark(state: ImageState): Promise<void> {
    if (this.#marking || session.readOnly || session.imageId === null) return
    this.#marking = true
    await attempt(() => this.#mark(session.imageId!, state))
    this.#marking = false
  }

  async setSplit(imageId: number, split: Split | null): Promise<void> {
    const changed = await attempt(() => api.images.setSplit.mutate({ ids: [imageId], split }))
    if (changed) session.takeSummaries(changed)
  }

  async #mark(imageId: number, state: ImageState): Promise<void> {
    await this.#queue.idle()
    const image = session.images.find(({ id }) => id === imageId)
    if (state === 'confirmed-empty' && image && image.foregroundShare > 0) {
      toasts.show(`“${image.name}” has foreground painted on it: erase it first, or mark the image complete.`)
      return
    }
    const marked = await api.images.setState.mutate({ ids: [imageId], state })
    // What comes next is asked before its new state puts the image elsewhere.
    const next = nextUnfinished(imageList.shown, imageId)
    session.takeSummaries(marked)
    if (state !== 'complete' && state !== 'confirmed-empty') return
    if (next) session.imageId = next.id
    else if (session.images.some(isUnfinished)) toasts.show('Every image of those shown is labelled.', 'good')
    else toasts.show('Every image is labelled. Go on to Train.', 'good')
  }

  /** Shows the project's mask where that is newer than the one on screen: another window or an import changed it. */
  async #reloadIfOld(imageId: number, revision: number): Promise<void> {
    if (revision <= (this.#queue.known(imageId)?.revision ?? Infinity)) return
    await this.#queue.idle()
    const editor = this.#editorOf(imageId)
    // In the middle of a stroke nothing changes under the brush; saving the stroke will tell.
    if (!editor || !this.current || editor.isPainting) return
    if (revision <= (this.#queue.known(imageId)?.revision ?? 0)) return
    await attempt(async () => {
      editor.replace(await this.#queue.load(imageId))
      this.#updateSteps()
      this.onmask()
    })
  }

  /** Waits until the image can be drawn as sharp as it is; lost connections come back. */
  async #prepare(open: OpenImage, isRepeated = false): Promise<void> {
    this.preparing = true
    try {
      await open.picture.prepare()
    } catch (error) {
      if (this.open !== open) return
      // That is what a broken connection looks like here.
      if (!isRepeated && error instanceof TypeError) {
        await session.online()
        return await this.#prepare(open, true)
      }
      toasts.show(messageOf(error), 'error')
    } finally {
      if (this.open === open) this.preparing = false
    }
  }

  #editorOf(imageId: number): MaskEditor | null {
    return this.open?.editor.imageId === imageId ? this.open.editor : null
  }

  #updateSteps(): void {
    const imageId = this.open?.editor.imageId
    const known = imageId === undefined ? undefined : this.#queue.known(imageId)
    const isStepping = imageId !== undefined && this.#queue.isStepping(imageId)
    // A stroke on its way can be undone as soon as it is there, and ends what could be redone. While a step is on its
    // way nobody knows yet: keys repeat faster than the host answers, and the queue passes over a step too many.
    this.canUndo = this.pending > 0 || (known?.canUndo ?? false)
    this.canRedo = isStepping || (this.pending === 0 && (known?.canRedo ?? false))
  }

  #fail(sentence: string): void {
    this.open = null
    this.fault = sentence
  }
}

/** How many images the model looks at before they are shown. */
const AHEAD = 8

function suggestHost(annotator: Annotator): SuggestHost {
  return {
    get runs() {
      return session.runs
    },
    get chosenRun() {
      return session.runId
    },
    get imageId() {
      return annotator.canPaint ? annotator.open!.editor.imageId : null
    },
    get wanted() {
      return toolSettings.tool === 'suggest' || seeing.habits.suggestions
    },
    ahead: (imageId) => unfinishedAfter(imageList.shown, imageId, AHEAD).map(({ id }) => id),
    read: (input) => api.suggestions.read.query(input)
  }
}

/** Where an image's picture is loaded from. */
function addressOf({ id, width, height }: ImageSummary): PictureAddress {
  return {
    url: session.imageUrl(id),
    size: { width, height },
    tiles: session.tilesOf(id),
    thumbnail: (edge) => session.thumbnailUrl(id, edge)
  }
}

export const annotator = new Annotator()
