import type { Extent } from './frame'

/** One image at the scale at which the network sees it (`learning/frame.ts`), with its label. */
export interface Sample extends Extent {
  imageId: number
  /** `[height, width, 3]`, RGB, 0 to 255. */
  image: Uint8Array
  /** `[height, width]`, three-valued mask. */
  label: Uint8Array
}

/**
 * A sample in memory that threads share, so that it need not be copied for each of them. A page has such memory only
 * where it is isolated from all others; elsewhere the sample stays as it is.
 */
export function sharedSample(sample: Sample): Sample {
  return { ...sample, image: shared(sample.image), label: shared(sample.label) }
}

function shared(bytes: Uint8Array): Uint8Array {
  if (typeof SharedArrayBuffer === 'undefined') return bytes
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

/** What a run learns from and is judged by. */
export interface Dataset {
  train: Sample[]
  validation: Sample[]
}
