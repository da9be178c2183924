import { DEFAULTS } from '#core/learning/defaults'
import { parseArchitecture } from '#core/network/architecture'
import { multiplicationsOf } from '#core/network/shapes'
import type { Resolution } from './ceiling'

/** A network that could be trained, and what it costs. */
export interface Candidate extends Resolution {
  architecture: string
  /** Multiplications of one input's way forward. */
  cost: number
}

/** What was left open is null. */
export interface OpenChoice {
  architecture: string | null
  /** Edge of the network's input in pixels. */
  size: number | null
  /** Edge of the image's square that it covers; null for whole images. Undefined where it is open. */
  crop?: number | null | undefined
}

/** The source's networks, the coarsest first, at the size that they were made for. */
const COARSE = [32, 16, 8].map((stride) => `VGG6xs-Fc6-k1-512-Deconv-k${2 * stride}s${stride}`)
export const COARSE_SIZE = 224
const FINE = 'UNet-xs'
const SIZES = [64, 96, 128, 160, 192, 224, 256, 320, 384]
/** Crops have a scale already, so that their size is a matter of context and time alone. */
const CROP_SIZES = [128, 160, 192, 224, 256]
/** Crops at full resolution and at half. */
const CROP_SCALES = [1, 2]

/**
 * The networks among which to choose: the source's, and a small U-Net at several sizes; with one of both given,
 * what fits to it. Of whole images, unless crops are given.
 *
 * @throws JaccardError `usage` where nothing fits
 */
export function candidatesFor({ architecture, size, crop = null }: OpenChoice): Candidate[] {
  const names = architecture === null ? [...COARSE, FINE] : [architecture]
  const candidates = names.flatMap((name) => {
    const sizes = size !== null ? [size] : architecture === null && name !== FINE ? [COARSE_SIZE] : SIZES
    return sizes.flatMap((edge) => candidate(name, edge, crop) ?? [])
  })
  // Says what is wrong with what was asked for.
  if (!candidates.length) parseArchitecture(architecture ?? FINE, size ?? DEFAULTS.size, 1)
  return candidates
}

/**
 * What could be taken in addition where whole images would become too small: crops at full and at half resolution.
 *
 * @param edge Of the images; crops that are no smaller would be whole images.
 */
export function cropCandidates({ architecture, size }: OpenChoice, edge: number): Candidate[] {
  const sizes = size !== null ? [size] : CROP_SIZES
  return sizes.flatMap((input) =>
    CROP_SCALES.map((scale) => scale * input)
      .filter((crop) => crop < edge)
      .flatMap((crop) => candidate(architecture ?? FINE, input, crop) ?? [])
  )
}

/** Null where the size does not fit the architecture. @throws JaccardError `usage` for an unknown architecture */
function candidate(architecture: string, size: number, crop: number | null): Candidate | null {
  const { stride } = parseArchitecture(architecture, 1024, 1)
  if (size % stride !== 0) return null
  const spec = parseArchitecture(architecture, size, 1)
  const last = spec.layers.at(-1)!
  return {
    architecture,
    size,
    crop,
    stride: last.op === 'convTranspose' ? last.stride : 1,
    cost: multiplicationsOf(spec)
  }
}
