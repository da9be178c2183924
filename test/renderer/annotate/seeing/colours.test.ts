// @vitest-environment node
import { describe, expect, test } from 'vitest'
import { MASK_COLOURS } from '../../../../src-renderer/annotate/seeing/colours'

type Triple = [number, number, number]

/** What is left of linear red, green and blue where one kind of cone is missing (Machado et al. 2009, severity 1). */
const VISIONS: Record<string, readonly Triple[]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998]
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881]
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039]
  ]
}

/** CIE L*a*b* of a colour, seen by one of the visions. */
function lab(colour: string, vision: readonly Triple[]): Triple {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  const times = (rows: readonly Triple[], vector: number[]) =>
    rows.map((row) => row.reduce((sum, factor, i) => sum + factor * vector[i]!, 0))
  const seen = times(vision, linear).map((value) => Math.min(1, Math.max(0, value)))
  const xyz = times(
    [
      [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089]
    ],
    seen
  )
  const [x, y, z] = xyz.map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)) as Triple
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

describe.each(Object.entries(VISIONS))('with %s', (_, vision) => {
  test.each(MASK_COLOURS)('foreground and unknown of $label are told apart', ({ foreground, unknown }) => {
    const [a, b] = [lab(foreground, vision), lab(unknown, vision)]
    expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(15)
  })
})
