/** One image at the network's input size with its label. */
export interface Sample {
  imageId: number
  /** `[size, size, 3]`, RGB, 0 to 255. */
  image: Uint8Array
  /** `[size, size]`, three-valued mask. */
  label: Uint8Array
}

/**
 * A sample in memory that threads share, so that it need not be copied for each of them. A page has such memory only
 * where it is isolated from all others; elsewhere the sample stays as it is.
 */
export function sharedSample({ imageId, image, label }: Sample): Sample {
  return { imageId, image: shared(image), label: shared(label) }
}

function shared(bytes: Uint8Array): Uint8Array {
  if (typeof SharedArrayBuffer === 'undefined') return bytes
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

/** What a run learns from and is judged by. */
export interface Dataset {
  size: number
  train: Sample[]
  validation: Sample[]
}
