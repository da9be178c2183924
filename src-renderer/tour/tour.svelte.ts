import { TOUR } from './steps'

const KEY = 'jaccard.tour'

/** A walk through the first things to know, which starts by itself once on a machine. */
class Tour {
  /** From 0; null while nobody is on it. */
  at = $state<number | null>(null)
  readonly step = $derived(this.at === null ? null : TOUR[this.at]!)
  readonly isLast = $derived(this.at === TOUR.length - 1)

  /** Starts where it was never started before. */
  offer(): void {
    if (localStorage.getItem(KEY) === null) this.start()
  }

  start(): void {
    this.at = 0
    // Whoever leaves in the middle, or closes the window, is not asked again.
    localStorage.setItem(KEY, 'seen')
  }

  next(): void {
    if (this.at !== null) this.at = this.isLast ? null : this.at + 1
  }

  back(): void {
    if (this.at) this.at--
  }

  leave(): void {
    this.at = null
  }
}

export const tour = new Tour()
