/** Most weights that a run keeps of its course. */
const MOST_KEPT = 12
/** Bytes that they may take together, where that is more than a few. */
const MOST_BYTES = 64 * 2 ** 20
const FEWEST_KEPT = 3

/**
 * Whether the weights after this step are kept, to show the course of the training later: 1, 2, 5, 10, 20, 50, …,
 * since most happens early. It follows from the step alone, so a resumed run keeps the same ones.
 */
export function isKeptStep(step: number): boolean {
  const power = 10 ** Math.floor(Math.log10(step))
  return [1, 2, 5].some((digit) => step === digit * power)
}

/**
 * How many kept weights a run may have; of more than that the earliest go.
 *
 * @param bytes Of the network's packed weights.
 */
export function mostKept(bytes: number): number {
  return Math.max(FEWEST_KEPT, Math.min(MOST_KEPT, Math.floor(MOST_BYTES / bytes)))
}
