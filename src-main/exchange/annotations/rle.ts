import { JaccardError } from '#core/errors'

/*
 * The run-length code of COCO: lengths of runs down the columns, first of background, then of foreground, and so on
 * in turn. Its text form is that of pycocotools: differences to the run before the last in groups of five bits, low
 * ones first, a sixth bit on all but the last group, from the letter "0" on.
 */

/** More groups of five bits no run of an image needs. */
const MOST_GROUPS = 7

/** @throws JaccardError `bad-input` for text that is no such code. */
export function decodeCounts(text: string): number[] {
  const counts: number[] = []
  for (let at = 0; at < text.length;) {
    let value = 0
    let groups = 0
    for (let more = true; more; groups++) {
      const bits = text.charCodeAt(at++) - 48
      if (!(bits >= 0 && bits < 64) || groups === MOST_GROUPS) throw damaged()
      value += (bits & 31) * 32 ** groups
      more = (bits & 32) !== 0
      if (!more && bits & 16) value -= 32 ** (groups + 1)
    }
    if (counts.length > 2) value += counts[counts.length - 2]!
    if (value < 0) throw damaged()
    counts.push(value)
  }
  return counts
}

function damaged(): JaccardError {
  return new JaccardError('bad-input', 'its run-length code is damaged')
}

export function encodeCounts(counts: readonly number[]): string {
  const letters: number[] = []
  counts.forEach((count, i) => {
    let value = i > 2 ? count - counts[i - 2]! : count
    for (let more = true; more;) {
      const bits = value & 31
      value >>= 5
      more = bits & 16 ? value !== -1 : value !== 0
      letters.push(48 + bits + (more ? 32 : 0))
    }
  })
  return Buffer.from(letters).toString('latin1')
}
