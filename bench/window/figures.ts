import { medianOf } from '#core/learning/statistics'

/** The value below which a share of the values lie (nearest rank); 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

export function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, i) => time - times[i]!)
}

/** The gaps between frames that are longer than one and a half of the usual: there the screen showed a frame twice. */
export function droppedOf(gaps: readonly number[], usual = medianOf(gaps)): number[] {
  return gaps.filter((gap) => gap > 1.5 * usual)
}

/** `12.3`, and `12` from 100 on. */
export function rounded(value: number): string {
  return value.toFixed(Math.abs(value) < 100 ? 1 : 0)
}

/** The median, the 95th or another percentile, and the greatest value, for cells of a table. */
export function spreadOf(values: readonly number[], high = 0.95): string[] {
  return [percentile(values, 0.5), percentile(values, high), percentile(values, 1)].map(rounded)
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}
