import type { Rectangle } from '#core/mask/tiles'

export type Side = 'right' | 'left' | 'top' | 'bottom'

interface TourStep {
  title: string
  /** @param key Gives the key that the person has now for what has this one at first. */
  text: (key: (first: string) => string) => string
  /** Selects what it is about. */
  target: string
  /** Where beside it the card stands. */
  side: Side
}

/** What somebody who opens the first image has to know, in the order of the work. */
export const TOUR: readonly TourStep[] = [
  {
    title: 'Paint what you look for',
    text: (key) =>
      `${key('B')} is the brush, ${key('E')} erases, and every tool shows its key. Alt takes away with any of them. ` +
      `${key('Ctrl+Z')} takes back, hundreds of steps and also tomorrow.`,
    target: '[role="toolbar"][aria-label="Tools"]',
    side: 'right'
  },
  {
    title: 'Say when an image is done',
    text: (key) =>
      `${key('Enter')} marks it complete: what you have not painted is background. ${key('0')} says that there is ` +
      `nothing to find. Only images that are done train.`,
    target: 'aside[aria-label="Image"] .finish',
    side: 'left'
  },
  {
    title: 'Go on to the next one',
    text: (key) =>
      `${key('A')} and ${key('D')} walk along the strip, ${key('Shift+D')} to what is unfinished. This bar shows only ` +
      `what you ask for, and ${key('O')} lays all images side by side.`,
    target: '[role="toolbar"][aria-label="Images to go through"]',
    side: 'top'
  },
  {
    title: 'Train, look, repair',
    text: (key) =>
      `Twenty images are enough for a first try. Train, see in Review where the model is wrong, repair those masks, ` +
      `and train again. ${key('?')} shows all keys.`,
    target: 'nav[aria-label="Screens"]',
    side: 'bottom'
  }
]

const GAP = 14
const MARGIN = 8

/**
 * Where the card stands: on its side of the target, in its middle, and inside of the window.
 *
 * @returns The upper left corner, in the units of all of these.
 */
export function placeCard(
  target: Rectangle,
  card: { width: number; height: number },
  window: { width: number; height: number },
  side: Side
): { x: number; y: number } {
  const middle = {
    x: target.x + (target.width - card.width) / 2,
    y: target.y + (target.height - card.height) / 2
  }
  const at = {
    right: { x: target.x + target.width + GAP, y: middle.y },
    left: { x: target.x - card.width - GAP, y: middle.y },
    top: { x: middle.x, y: target.y - card.height - GAP },
    bottom: { x: middle.x, y: target.y + target.height + GAP }
  }[side]
  const inside = (value: number, length: number, room: number) =>
    Math.max(MARGIN, Math.min(value, room - length - MARGIN))
  return { x: inside(at.x, card.width, window.width), y: inside(at.y, card.height, window.height) }
}
