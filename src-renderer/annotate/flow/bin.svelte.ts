import type { DeletedImage } from '#core/api/values'
import { api } from '../../shared/api'
import { counted } from '../../shared/numbers'
import { session } from '../../shared/session.svelte'
import { attempt, toasts } from '../../shared/toasts.svelte'
import { annotator } from '../annotator.svelte'
import { imageList } from './image-list.svelte'
import { neighbourOfRemoved } from './selection'

/** Deleting images, and what was deleted. */
class Bin {
  open = $state(false)
  images = $state.raw<DeletedImage[]>([])

  /** Puts images into the bin and goes on to the next one; the message takes it back. */
  async delete(ids: readonly number[]): Promise<void> {
    if (session.readOnly || ids.length === 0) return
    const deleted = session.images.filter(({ id }) => ids.includes(id))
    await attempt(async () => {
      await annotator.saved()
      await api.images.delete.mutate({ ids: [...ids] })
      if (session.imageId !== null && ids.includes(session.imageId)) {
        session.imageId = neighbourOfRemoved(imageList.shown, session.imageId, ids)
      }
      const what = deleted.length === 1 ? `“${deleted[0]!.name}” is` : `${counted(ids.length, 'image')} are`
      toasts.show(`${what} in the bin.`, 'info', { label: 'Undo', run: () => this.restore(ids) })
    })
  }

  /** Takes images out of the bin and shows the first of them. */
  async restore(ids: readonly number[]): Promise<void> {
    await attempt(async () => {
      await api.images.restore.mutate({ ids: [...ids] })
      await session.refresh()
      session.imageId = ids[0] ?? session.imageId
      await this.#read()
    })
  }

  async show(): Promise<void> {
    await attempt(() => this.#read())
    this.open = true
  }

  async empty(): Promise<void> {
    await attempt(async () => {
      const count = await api.images.emptyBin.mutate()
      this.open = false
      toasts.show(`${counted(count, 'image')} deleted for good.`)
    })
  }

  async #read(): Promise<void> {
    this.images = await api.images.bin.query()
    if (this.images.length === 0) this.open = false
  }
}

export const bin = new Bin()
