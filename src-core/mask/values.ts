/** The three values of a mask pixel. Unknown pixels are left out of loss and metrics. */
export const BACKGROUND = 0
export const FOREGROUND = 1
export const UNKNOWN = 2

export type MaskValue = typeof BACKGROUND | typeof FOREGROUND | typeof UNKNOWN
