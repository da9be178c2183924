import type { Picture } from '#core/mask/assist/picture'
import type { Reshaping } from '#core/mask/assist/reshape'
import type { Point, Region } from '#core/mask/paint'
import type { Mask, Rectangle } from '#core/mask/tiles'
import type { PictureAddress } from '../picture/pictures'

/** A picture that lies over a part of the image; where the image is large, at a smaller scale. */
export interface Cover {
  area: Rectangle
  picture: Picture
}

/** Pixels that a tool would paint, and how that looks: white where they are, else transparent. */
export interface Found {
  region: Region
  cover: Cover
}

/** Superpixels of a part of the image. */
export interface Patches {
  area: Rectangle
  /** Pixels of the image, to each side, per pixel of the labels. */
  factor: number
  /** Pixels of the labels to each side. */
  width: number
  height: number
  /** `[height, width]`, the patch of each pixel, from 0. */
  labels: Int32Array
  /** `[count, 4]`: the left, top, right and bottom of each patch among the labels; right and bottom excluded. */
  boxes: Int32Array
  /** Where one patch ends and another begins. */
  outlines: Cover
}

/** A rough stroke that says what is foreground and what is background. */
export interface Scribble {
  points: readonly Point[]
  /** In pixels of the image. */
  radius: number
  isForeground: boolean
}

/** What of a mask changes its value. */
export interface Change {
  added: Found
  removed: Found
}

/** Everything that can be asked about the open image, and its answer. */
export interface Asks {
  wand: {
    /** At which scale the image is seen matters for large ones only. */
    request: { x: number; y: number; contiguous: boolean; tolerance: number; scale: number }
    answer: Found
  }
  superpixels: {
    /** The part to look at, at one of its pixels per `factor`, and about the side of a patch in the image. */
    request: { area: Rectangle; factor: number; size: number }
    answer: Patches
  }
  'smart-fill': {
    request: { scribbles: readonly Scribble[] }
    answer: Found
  }
  reshape: {
    request: { mask: Mask; reshaping: Reshaping }
    /** Null where there is nothing to reshape. */
    answer: Change | null
  }
}

export type AskKind = keyof Asks

/** Where the worker reads the open image. */
export type SourceAddress = Pick<PictureAddress, 'url' | 'size' | 'tiles'>

/** What the worker is told: which image is open, and then what is asked about it. */
export type ToWorker =
  { open: SourceAddress } | { [K in AskKind]: { id: number; kind: K; request: Asks[K]['request'] } }[AskKind]

/** Its answers, each with the number of what was asked. */
export type FromWorker = { id: number; answer: Asks[AskKind]['answer'] } | { id: number; failed: string }
