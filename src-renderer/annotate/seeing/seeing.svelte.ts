import { session } from '../../shared/session.svelte'
import { toasts } from '../../shared/toasts.svelte'
import type { Picture } from '../picture/picture'
import {
  AS_IT_IS,
  CHANNELS,
  fullContrast,
  histogram,
  isAsItIs,
  shareOfSpecks,
  type Adjustment
} from './adjust'
import { maskColours } from './colours'
import { adjustmentOf, parseAdjustments, parseHabits, withAdjustment } from './memory'

const HABITS = 'jaccard.seeing'
const ADJUSTMENTS = 'jaccard.adjustments'

const NOTHING_TO_SPREAD = {
  full: 'This image goes from black to white already, so there is nothing to spread; try gamma.',
  flat: 'This image has one shade only, apart from single pixels, so there is nothing to spread.'
}

/**
 * How images and masks are shown. Brightness, contrast, gamma and channel belong to a project, since its images come
 * out of one instrument; the rest is the person's habit. Both are remembered on this machine, and neither changes what
 * is saved or trains.
 */
class Seeing {
  readonly habits = $state(parseHabits(localStorage.getItem(HABITS)))
  panelOpen = $state(false)
  /** The key of the loupe is held. */
  loupe = $state(false)

  #adjustments = $state.raw(parseAdjustments(localStorage.getItem(ADJUSTMENTS)))
  readonly #project = $derived(session.project?.path ?? '')
  readonly adjustment = $derived(adjustmentOf(this.#adjustments, this.#project))
  readonly adjusted = $derived(!isAsItIs(this.adjustment))
  readonly colours = $derived(maskColours(this.habits.colour))

  adjust(change: Partial<Adjustment>): void {
    const adjustment = { ...this.adjustment, ...change }
    this.#adjustments = withAdjustment(this.#adjustments, this.#project, adjustment)
    localStorage.setItem(ADJUSTMENTS, JSON.stringify(this.#adjustments))
  }

  reset(): void {
    this.adjust(AS_IT_IS)
  }

  /** Spreads what is in a picture over the whole range, and tells where there is nothing to spread. */
  async spread(picture: Pick<Picture, 'sample'>): Promise<void> {
    const { pixels, patches } = await picture.sample()
    const { channel } = this.adjustment
    const specks = shareOfSpecks(patches.pixels, patches.width, patches.height)
    const { adjustment, found } = fullContrast(histogram(pixels, channel), channel, specks)
    this.adjust(adjustment)
    if (found !== 'spread') toasts.show(NOTHING_TO_SPREAD[found])
  }

  nextChannel(): void {
    const at = CHANNELS.indexOf(this.adjustment.channel)
    this.adjust({ channel: CHANNELS[(at + 1) % CHANNELS.length]! })
  }

  /** Remembers every change of the habits; returns a function that stops it. */
  start(): () => void {
    return $effect.root(() => {
      $effect(() => localStorage.setItem(HABITS, JSON.stringify(this.habits)))
    })
  }
}

export const seeing = new Seeing()
