import type { ImageState } from '#core/api/values'
import { session } from '../../shared/session.svelte'
import {
  countStates,
  isFiltering,
  matcher,
  nameRanks,
  NO_FILTER,
  selectImages,
  type Filter,
  type Order
} from './selection'

/** The images as the person wants to go through them: the strip, the grid, and every step keep to it. */
class ImageList {
  filter = $state.raw<Filter>(NO_FILTER)
  order = $state<Order>('added')
  /** All of them are shown side by side, instead of one. */
  overview = $state(false)

  readonly filtering = $derived(isFiltering(this.filter))
  readonly counts = $derived(countStates(session.images, this.filter))
  readonly #project = $derived(session.project?.path)
  /** Ids count from 1 in another project again. */
  readonly #ranks = $derived((this.#project, nameRanks()))
  readonly shown = $derived(
    selectImages(session.images, this.filter, this.order, session.imageId, this.#ranks)
  )

  /** Begins afresh with each project; returns a function that stops it. */
  start(): () => void {
    return $effect.root(() => {
      $effect(() => {
        void this.#project
        this.clear()
        this.overview = false
      })
    })
  }

  /** The first one that was looked for, which is not the one at hand because that one stays. */
  first(): number | null {
    return this.shown.find(matcher(this.filter))?.id ?? null
  }

  /** Narrows or widens the filter; what is not named stays. */
  change(filter: Partial<Filter>): void {
    this.filter = { ...this.filter, ...filter }
  }

  /** Adds a state to those that are shown, or takes it away. */
  toggle(state: ImageState): void {
    const { states } = this.filter
    this.change({
      states: states.includes(state) ? states.filter((one) => one !== state) : [...states, state]
    })
  }

  clear(): void {
    this.filter = NO_FILTER
  }
}

export const imageList = new ImageList()
