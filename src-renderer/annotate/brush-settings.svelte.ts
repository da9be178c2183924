import type { ToolName } from './tools/toolbox'

export const SIZE = { min: 1, max: 400 }

const KEY = 'jaccard.brush'

/** What the person has set about painting, remembered on this machine. */
export class BrushSettings {
  tool = $state<ToolName>('brush')
  /** The brush's diameter in pixels of the image. */
  size = $state(30)
  /** Of the mask over the image, 0 to 1. */
  opacity = $state(0.5)

  constructor() {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return
    if ('size' in kept && typeof kept.size === 'number') this.setSize(kept.size)
    if ('opacity' in kept && typeof kept.opacity === 'number') this.setOpacity(kept.opacity)
  }

  setSize(size: number): void {
    this.size = Math.min(SIZE.max, Math.max(SIZE.min, Math.round(size)))
    this.#keep()
  }

  setOpacity(opacity: number): void {
    this.opacity = Math.min(1, Math.max(0.1, opacity))
    this.#keep()
  }

  /** Larger or smaller by about a tenth, by at least one pixel. */
  step(direction: 1 | -1): void {
    this.setSize(this.size + direction * Math.max(1, Math.round(this.size * 0.12)))
  }

  #keep(): void {
    localStorage.setItem(KEY, JSON.stringify({ size: this.size, opacity: this.opacity }))
  }
}
