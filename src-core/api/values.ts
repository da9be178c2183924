import { z } from 'zod'
import { baselines, metrics, type Baselines, type TrainingEvent } from '#core/learning/events'
import { trainConfig } from '#core/learning/config'
import { ENGINES } from '#core/network/engine'

/** What the window and the hosts say to each other. Procedures: `src-main/api/router.ts`. */

export const imageState = z.enum(['untouched', 'in-progress', 'complete', 'confirmed-empty'])
export type ImageState = z.infer<typeof imageState>

export const split = z.enum(['train', 'validation', 'test'])
export type Split = z.infer<typeof split>

export const imageSummary = z.object({
  id: z.int(),
  name: z.string(),
  /** The name without folder and extension; masks match by it. */
  baseName: z.string(),
  /** Pixels, after EXIF orientation. */
  width: z.int(),
  height: z.int(),
  bitDepth: z.int(),
  state: imageState,
  /** Null until the image is complete or confirmed empty and a split was drawn. */
  split: split.nullable(),
  /** The person chose this split; drawing leaves it alone. */
  splitOwnChoice: z.boolean(),
  /** Foreground pixels over known pixels, 0 to 1. */
  foregroundShare: z.number(),
  /** Counts the mask's changes; a stroke names the revision that it was painted on. */
  revision: z.int()
})
export type ImageSummary = z.infer<typeof imageSummary>

export const classBalance = z.object({
  images: z.int(),
  /** Foreground pixels over known pixels of the split's labelled images; null without any. */
  foregroundShare: z.number().nullable()
})
export type ClassBalance = z.infer<typeof classBalance>

export const projectSummary = z.object({
  path: z.string(),
  name: z.string(),
  readOnly: z.boolean(),
  /** Why the project is read-only, or what else the person should know. */
  notice: z.string().nullable(),
  images: z.object({
    total: z.int(),
    byState: z.record(imageState, z.int()),
    bySplit: z.object({ train: classBalance, validation: classBalance, test: classBalance })
  }),
  runs: z.int()
})
export type ProjectSummary = z.infer<typeof projectSummary>

export const recentProject = z.object({
  path: z.string(),
  name: z.string(),
  openedAt: z.string(),
  exists: z.boolean()
})
export type RecentProject = z.infer<typeof recentProject>

/** Something changed in the open project; whoever shows it reads it again. */
export const projectChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('project') }),
  z.object({ kind: z.literal('images'), ids: z.array(z.int()).nullable() }),
  z.object({ kind: z.literal('mask'), imageId: z.int(), revision: z.int() }),
  z.object({ kind: z.literal('runs'), ids: z.array(z.int()).nullable() })
])
export type ProjectChange = z.infer<typeof projectChange>

const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)

/** One mask tile, encoded by `mask/codec.ts`; `data` is null where the tile is all background. */
export const tilePatch = z.object({ index: z.int().min(0), data: bytes.nullable() })
export type TilePatch = z.infer<typeof tilePatch>

export const maskContent = z.object({
  width: z.int(),
  height: z.int(),
  revision: z.int(),
  tiles: z.array(tilePatch),
  canUndo: z.boolean(),
  canRedo: z.boolean()
})
export type MaskContent = z.infer<typeof maskContent>

export const strokeInput = z.object({
  imageId: z.int(),
  /** The revision on which the stroke was painted; a conflict if the mask has moved on. */
  revision: z.int(),
  tool: z.string().min(1).max(40),
  /** The touched tiles as they are after the stroke. */
  tiles: z.array(tilePatch).min(1).max(4096)
})
export type StrokeInput = z.infer<typeof strokeInput>

/** The mask after an edit, an undo or a redo. */
export const maskChange = z.object({
  revision: z.int(),
  /** The tiles as they are now, of those that the edit touched. */
  tiles: z.array(tilePatch),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
  image: imageSummary
})
export type MaskChange = z.infer<typeof maskChange>

/** What became of one file that was handed over for import. */
export const importOutcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('added'), name: z.string(), imageId: z.int(), note: z.string().nullable() }),
  z.object({ status: z.literal('duplicate'), name: z.string(), imageId: z.int() }),
  z.object({ status: z.literal('matched'), name: z.string(), imageId: z.int() }),
  z.object({ status: z.literal('skipped'), name: z.string(), reason: z.string() })
])
export type ImportOutcome = z.infer<typeof importOutcome>

export const importReport = z.object({
  added: z.int(),
  duplicates: z.int(),
  masksMatched: z.int(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  notes: z.array(z.object({ file: z.string(), note: z.string() })),
  cancelled: z.boolean()
})
export type ImportReport = z.infer<typeof importReport>

export const importProgress = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int(), total: z.int(), name: z.string() }),
  z.object({ type: z.literal('finished'), report: importReport })
])
export type ImportProgress = z.infer<typeof importProgress>

export const engineReport = z.object({
  name: z.enum(ENGINES),
  available: z.boolean(),
  device: z.string().nullable(),
  /** Why it cannot be used and what to do, or what is worth knowing about it. */
  detail: z.string().nullable(),
  /** Milliseconds of the speed test's step; null where it was not timed. */
  speedTestMilliseconds: z.number().nullable(),
  /** `auto` would take this one. */
  chosen: z.boolean()
})
export type EngineReport = z.infer<typeof engineReport>

export const runStatus = z.enum(['running', 'done', 'cancelled', 'failed', 'interrupted'])
export type RunStatus = z.infer<typeof runStatus>

export const runSummary = z.object({
  id: z.int(),
  status: runStatus,
  config: trainConfig,
  engine: z.string().nullable(),
  device: z.string().nullable(),
  /** Why this engine, as a sentence, where the choice was left to the program. */
  chosenBecause: z.string().nullable(),
  startedAt: z.string(),
  steps: z.int(),
  seconds: z.number(),
  medianStepMilliseconds: z.number().nullable(),
  bestStep: z.int().nullable(),
  best: metrics.nullable(),
  /** The person's threshold for this run; predictions, masks and exports use it. */
  threshold: z.number().min(0).max(1),
  baselines: baselines.nullable(),
  flat: z.boolean(),
  /** Why it failed, or what the person should know. */
  message: z.string().nullable(),
  /** The trainer is alive in this host. */
  live: z.boolean()
})
export type RunSummary = z.infer<typeof runSummary>

export const runHistory = z.object({
  /** Training loss by step, thinned to at most 2,000 points. */
  loss: z.array(z.object({ step: z.int(), loss: z.number() })),
  validation: z.array(z.object({ step: z.int(), loss: z.number(), metrics }))
})
export type RunHistory = z.infer<typeof runHistory>

/** What a subscriber of a run receives: first where it stands, then each event as it happens. */
export type RunProgress =
  | { type: 'snapshot'; run: RunSummary; history: RunHistory }
  | { type: 'preparing'; done: number; total: number }
  | (Extract<TrainingEvent, { type: 'started' }> & Pick<RunSummary, 'chosenBecause'>)
  | Extract<TrainingEvent, { type: 'step' | 'validation' | 'notice' | 'finished' }>
  | { type: 'ended'; run: RunSummary }

/** What the train screen shows before the start. */
export interface TrainingOverview {
  balance: { train: ClassBalance; validation: ClassBalance; test: ClassBalance }
  /** Images that are neither complete nor confirmed empty and therefore take no part. */
  unlabelled: number
  /** Validation mIoU of models that learned nothing; null without validation images. */
  baselines: Baselines | null
  /** One sentence each: what may go wrong, and what to do. */
  warnings: string[]
  /** Why training cannot start at all; null if it can. */
  obstacle: string | null
}

/**
 * One image of a run in review. `foreground[q]` and `background[q]` count the label's foreground and background
 * pixels whose quantised probability is q, so that metrics at any threshold k/256 are sums over q ≥ k.
 */
export interface ReviewImage {
  imageId: number
  name: string
  split: Split | null
  foreground: number[]
  background: number[]
}

/** One prediction with the label it is judged by, both at the network's input size. */
export interface ReviewDetail {
  imageId: number
  size: number
  /** `[size, size]`, quantised by `learning/quantise.ts`. */
  probabilities: Uint8Array
  /** `[size, size]`, three-valued mask as it is now. */
  label: Uint8Array
}

export const quantization = z.enum(['none', 'float16', 'uint8'])
export type Quantization = z.infer<typeof quantization>

export interface ExportReport {
  folder: string
  files: { name: string; bytes: number }[]
}

export interface VerifyReport {
  images: number
  /** Greatest absolute difference between the app's probabilities and the bundle's. */
  maxProbabilityDifference: number
  /** Greatest absolute difference of an image's IoU at the run's threshold, and of the pooled IoU. */
  maxIoUDifference: number
  tolerance: number
  passed: boolean
  /** What computed the second path, for example `Chromium 156, tfjs webgl`. */
  computedBy: string
}

/** A folder's content, for choosing a project or a target without a native dialog. */
export interface FolderListing {
  path: string
  parent: string | null
  entries: { name: string; path: string; kind: 'folder' | 'project' }[]
}

/** Where this host keeps things, and what it is. */
export interface HostInfo {
  version: string
  host: 'electron' | 'serve'
  platform: string
  projectsFolder: string
}
