/**
 * Colours for a mask and what is suggested for it. Within each, foreground and unknown are told apart with every common
 * colour vision.
 */
export const MASK_COLOURS = [
  { name: 'blue', label: 'Blue', foreground: '#37b3ff', unknown: '#ffc2e0', suggested: '#ffe14d' },
  { name: 'orange', label: 'Orange', foreground: '#ff9f1c', unknown: '#9ad1ff', suggested: '#c8ff5a' },
  { name: 'yellow', label: 'Yellow', foreground: '#ffe94a', unknown: '#a9a4ff', suggested: '#ff8ad8' },
  { name: 'green', label: 'Green', foreground: '#1fc48f', unknown: '#ffc2e0', suggested: '#ffe14d' }
] as const

export type MaskColourName = (typeof MASK_COLOURS)[number]['name']

export function maskColours(name: MaskColourName) {
  return MASK_COLOURS.find((colours) => colours.name === name)!
}
