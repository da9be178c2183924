import type { ImageState, Split } from '#core/api/values'

/** What the person reads for a state. */
export const STATE_NAMES: Record<ImageState, string> = {
  untouched: 'Not started',
  'in-progress': 'In progress',
  complete: 'Complete',
  'confirmed-empty': 'Confirmed empty'
}

/** One letter for a split, where there is no room for the word. */
export const SPLIT_LETTERS: Record<Split, string> = { train: 'T', validation: 'V', test: 'X' }

export const SPLIT_NAMES: Record<Split, string> = {
  train: 'Training',
  validation: 'Validation',
  test: 'Test'
}
