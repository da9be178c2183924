import type { MaskChange, MaskContent, StrokeInput, TilePatch } from '#core/api/values'
import { messageOf } from '#core/errors'

/** The host's part in saving masks. */
export interface MaskCalls {
  read(imageId: number): Promise<MaskContent>
  commit(stroke: StrokeInput): Promise<MaskChange>
  undo(imageId: number): Promise<MaskChange>
  redo(imageId: number): Promise<MaskChange>
  /** Resolves when the host can be reached again. */
  online(): Promise<void>
  /** Whether a failed call got no answer at all, so that it may have been carried out or not. */
  isUnanswered(error: unknown): boolean
}

/** What the queue tells. */
export interface MaskQueueEvents {
  /** How many edits are not saved yet. */
  pending(count: number): void
  /** An edit is saved. */
  saved(imageId: number, change: MaskChange): void
  /** An undo or redo is done; its tiles are to be shown. */
  stepped(imageId: number, change: MaskChange): void
  /** The mask in the project is another than the one on screen; `sentence` says what became of the edits. */
  replaced(imageId: number, content: MaskContent, sentence: string | null): void
  /** Edits could not be saved, and the mask could not be read again. */
  failed(imageId: number, sentence: string): void
}

export type KnownMask = Pick<MaskContent, 'revision' | 'canUndo' | 'canRedo'>

type Edit =
  | { kind: 'stroke'; imageId: number; tool: string; tiles: TilePatch[] }
  | { kind: 'undo' | 'redo'; imageId: number }

/**
 * Takes edits as fast as they are made and carries them out at the host one after the other, each on the revision
 * that the one before left. An edit leaves the queue only when the project has it, or when it was said why not.
 */
export class MaskQueue {
  #edits: Edit[] = []
  #running: Promise<void> | null = null
  #known = new Map<number, KnownMask>()

  readonly #calls: MaskCalls
  readonly #events: MaskQueueEvents

  constructor(calls: MaskCalls, events: MaskQueueEvents) {
    this.#calls = calls
    this.#events = events
  }

  /** Reads a mask as it is after all of its edits. */
  async load(imageId: number): Promise<MaskContent> {
    await this.idle()
    const content = await this.#calls.read(imageId)
    this.#known.set(imageId, content)
    return content
  }

  stroke(imageId: number, tool: string, tiles: TilePatch[]): void {
    this.#add({ kind: 'stroke', imageId, tool, tiles })
  }

  undo(imageId: number): void {
    this.#add({ kind: 'undo', imageId })
  }

  redo(imageId: number): void {
    this.#add({ kind: 'redo', imageId })
  }

  /** What the host said last about a mask. */
  known(imageId: number): KnownMask | undefined {
    return this.#known.get(imageId)
  }

  /** An undo or redo of this mask is under way: what is painted meanwhile would be painted on the wrong mask. */
  isStepping(imageId: number): boolean {
    return this.#edits.some((edit) => edit.imageId === imageId && edit.kind !== 'stroke')
  }

  /** Resolves when every edit was carried out or given up. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  #add(edit: Edit): void {
    this.#edits.push(edit)
    this.#events.pending(this.#edits.length)
    this.#running ??= this.#run().finally(() => (this.#running = null))
  }

  async #run(): Promise<void> {
    for (let edit; (edit = this.#edits[0]);) {
      try {
        await this.#carryOut(edit)
        this.#edits.shift()
      } catch (error) {
        if (!this.#calls.isUnanswered(error)) await this.#giveUp(edit.imageId, messageOf(error))
        else if (await this.#happened(edit)) this.#edits.shift()
      }
      this.#events.pending(this.#edits.length)
    }
  }

  async #carryOut(edit: Edit): Promise<void> {
    const { imageId } = edit
    const known = this.#known.get(imageId)
    if (edit.kind === 'stroke') {
      const { tool, tiles } = edit
      const change = await this.#calls.commit({ imageId, revision: known?.revision ?? 0, tool, tiles })
      this.#known.set(imageId, change)
      this.#events.saved(imageId, change)
      return
    }
    // Keys repeat faster than the host answers: a step too many is no fault.
    if (edit.kind === 'undo' ? !known?.canUndo : !known?.canRedo) return
    const change = await this.#calls[edit.kind](imageId)
    this.#known.set(imageId, change)
    this.#events.stepped(imageId, change)
  }

  /**
   * Finds out after a lost connection whether an edit was carried out, by reading the mask. Where the mask is
   * neither as before nor as after the edit, the project's is shown.
   */
  async #happened(edit: Edit): Promise<boolean> {
    const { imageId } = edit
    await this.#calls.online()
    let content: MaskContent
    try {
      content = await this.#calls.read(imageId)
    } catch (error) {
      if (!this.#calls.isUnanswered(error)) await this.#giveUp(imageId, messageOf(error))
      return false
    }
    if (content.revision === this.#known.get(imageId)?.revision) return false
    this.#known.set(imageId, content)
    if (edit.kind !== 'stroke') {
      this.#events.replaced(imageId, content, null)
      return true
    }
    const tiles = new Map(content.tiles.map(({ index, data }) => [index, data]))
    if (edit.tiles.every(({ index, data }) => sameBytes(data, tiles.get(index) ?? null))) return true
    await this.#giveUp(imageId, 'The connection broke while a stroke was being saved.')
    return false
  }

  /** Drops the edits of a mask and shows the project's. */
  async #giveUp(imageId: number, why: string): Promise<void> {
    this.#edits = this.#edits.filter((edit) => edit.imageId !== imageId)
    const sentence = `${why} The mask is shown as it is in the project.`
    try {
      const content = await this.#calls.read(imageId)
      this.#known.set(imageId, content)
      this.#events.replaced(imageId, content, sentence)
    } catch {
      this.#events.failed(imageId, why)
    }
  }
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (!a || !b) return a === b
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
