/** One image at the network's input size with its label. */
export interface Sample {
  imageId: number
  /** `[size, size, 3]`, RGB, 0 to 255. */
  image: Uint8Array
  /** `[size, size]`, three-valued mask. */
  label: Uint8Array
}

/** What a run learns from and is judged by. */
export interface Dataset {
  size: number
  train: Sample[]
  validation: Sample[]
}
