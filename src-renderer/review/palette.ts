import { rgbOf, type Palette } from './paint'

/** The theme's colours of masks and judgements, as they are now. */
export function currentPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => rgbOf(style.getPropertyValue(name))
  return {
    foreground: colour('--foreground'),
    unknown: colour('--unknown'),
    truePositive: colour('--true-positive'),
    falsePositive: colour('--false-positive'),
    falseNegative: colour('--false-negative')
  }
}
