import { z } from 'zod'
import type { Corner } from '#core/learning/augment'
import type { LossName, TrainConfig } from '#core/learning/config'
import type { Baselines, BestMetrics, Metrics, TrainingEvent } from '#core/learning/events'
import type { Extent } from '#core/learning/frame'
import type { RacePair } from '#core/learning/race/compare'
import type { RaceConfig } from '#core/learning/race/config'
import { GREATEST_LEVEL, LEAST_LEVEL } from '#core/learning/quantise'
import type { Sample } from '#core/learning/sample'
import type { SplitSettings } from '#core/learning/splits'
import { ENGINES, type EngineName } from '#core/network/engine'

/*
 * What the window and the hosts say to each other; procedures: `src-main/api/router.ts`. What a host takes from
 * outside has a schema; what it gives is a type, since the window trusts its host.
 */

export const imageState = z.enum(['untouched', 'in-progress', 'complete', 'confirmed-empty'])
export type ImageState = z.infer<typeof imageState>

export const split = z.enum(['train', 'validation', 'test'])
export type Split = z.infer<typeof split>

export interface ImageSummary {
  id: number
  name: string
  /** The name without folder and extension; masks match by it. */
  baseName: string
  /** Pixels, after EXIF orientation. */
  width: number
  height: number
  bitDepth: number
  state: ImageState
  /** Null until the image is complete or confirmed empty and a split was drawn. */
  split: Split | null
  /** The person chose this split; drawing leaves it alone. */
  splitOwnChoice: boolean
  /** Foreground pixels over known pixels, 0 to 1. */
  foregroundShare: number
  /** Counts the mask's changes; a stroke names the revision that it was painted on. */
  revision: number
}

/** An image in the bin. */
export interface DeletedImage extends ImageSummary {
  /** ISO 8601. */
  deletedAt: string
}

export interface ClassBalance {
  images: number
  /** Foreground pixels over known pixels of the split's labelled images; null without any. */
  foregroundShare: number | null
}

export interface ProjectSummary {
  path: string
  name: string
  readOnly: boolean
  /** Why the project is read-only, or what else the person should know. */
  notice: string | null
  images: {
    total: number
    byState: Record<ImageState, number>
    bySplit: Record<Split, ClassBalance>
    /** Deleted images that can be restored; the other counts are without them. */
    inBin: number
  }
  runs: number
}

export interface RecentProject {
  path: string
  name: string
  openedAt: string
  exists: boolean
}

/** Something changed in the open project; whoever shows it reads it again. */
export type ProjectChange =
  | { kind: 'project' }
  | { kind: 'images'; ids: number[] | null }
  | { kind: 'mask'; imageId: number; revision: number }
  | { kind: 'runs'; ids: number[] | null }

const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)

/** One mask tile, encoded by `mask/codec.ts`; `data` is null where the tile is all background. */
export const tilePatch = z.object({ index: z.int().min(0), data: bytes.nullable() })
export type TilePatch = z.infer<typeof tilePatch>

export interface MaskContent {
  width: number
  height: number
  revision: number
  tiles: TilePatch[]
  canUndo: boolean
  canRedo: boolean
}

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
export interface MaskChange {
  revision: number
  /** The tiles as they are now, of those that the edit touched. */
  tiles: TilePatch[]
  canUndo: boolean
  canRedo: boolean
  image: ImageSummary
}

export const suggestionInput = z.object({
  runId: z.int().positive(),
  imageId: z.int().positive(),
  /** The threshold in 256ths. */
  level: z.int().min(LEAST_LEVEL).max(GREATEST_LEVEL),
  /** Images that will probably be asked for next. */
  ahead: z.array(z.int().positive()).max(100)
})
export type SuggestionInput = z.infer<typeof suggestionInput>

/** What a model would paint on an image: the tiles with foreground. */
export interface Suggestion extends Extent {
  tiles: TilePatch[]
}

/** What became of one file that was handed over for import. */
export type ImportOutcome =
  | {
      status: 'added'
      name: string
      imageId: number
      /** The images of the file's other pages. */
      others: number[]
      note: string | null
    }
  | { status: 'duplicate'; name: string; imageId: number }
  | { status: 'matched'; name: string; imageId: number; note: string | null }
  | { status: 'skipped'; name: string; reason: string }

export interface ImportReport {
  added: number
  duplicates: number
  masksMatched: number
  skipped: { file: string; reason: string }[]
  notes: { file: string; note: string }[]
  cancelled: boolean
}

export type ImportProgress =
  { type: 'progress'; done: number; total: number; name: string } | { type: 'finished'; report: ImportReport }

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

export type RunStatus = 'running' | 'done' | 'cancelled' | 'failed' | 'interrupted'

export interface RunSummary {
  id: number
  /** The race that the run is part of; null for a run by itself. */
  raceId: number | null
  status: RunStatus
  config: TrainConfig
  engine: string | null
  device: string | null
  /** Why this engine, as a sentence, where the choice was left to the program. */
  chosenBecause: string | null
  startedAt: string
  steps: number
  seconds: number
  medianStepMilliseconds: number | null
  bestStep: number | null
  best: BestMetrics | null
  /**
   * What predictions, masks and exports of this run call foreground: the threshold of `best`, or one that the person
   * chose.
   */
  threshold: number
  baselines: Baselines | null
  flat: boolean
  /** Why it failed, or what the person should know. */
  message: string | null
  /** The trainer is alive in this host. */
  live: boolean
}

export interface RunHistory {
  /** Training loss by step, thinned to at most 2,000 points. */
  loss: { step: number; loss: number }[]
  validation: { step: number; loss: number; metrics: Metrics }[]
}

/** What a subscriber of a run receives: first where it stands, then each event as it happens. */
export type RunProgress =
  | { type: 'snapshot'; run: RunSummary; history: RunHistory }
  | { type: 'preparing'; done: number; total: number }
  | (Extract<TrainingEvent, { type: 'started' }> & Pick<RunSummary, 'chosenBecause'>)
  | Extract<TrainingEvent, { type: 'step' | 'validation' | 'notice' | 'finished' }>
  | { type: 'ended'; run: RunSummary }

/** A run of a race; started at most once at a time, and again where it failed. */
export interface RaceRun {
  loss: LossName
  seed: number
  /** Null until it has started. */
  runId: number | null
  status: RunStatus | null
}

export interface RaceSummary {
  id: number
  status: RunStatus
  config: RaceConfig
  /** All runs compute on this one. */
  engine: EngineName
  /** Why this engine, as a sentence, where the choice was left to the program. */
  chosenBecause: string | null
  startedAt: string
  /** In the order in which they go. */
  runs: RaceRun[]
  /** The pairs of runs that have finished and were judged, in the order of the seeds; `race/outcome.ts` sums up. */
  pairs: RacePair[]
  /** Why it failed, or what the person should know. */
  message: string | null
  /** It goes on in this host. */
  live: boolean
}

/** What a subscriber of a race receives: first where it stands, then each change as it happens. */
export type RaceProgress =
  | {
      type: 'snapshot'
      race: RaceSummary
      /** Validation mIoU by step of every run that has started. */
      curves: { runId: number; validation: { step: number; mIoU: number }[] }[]
      baselines: Baselines | null
    }
  /** A run began or ended, or a pair was judged. */
  | { type: 'race'; race: RaceSummary }
  /** What happens in the run that is training. */
  | { type: 'run'; runId: number; progress: Exclude<RunProgress, { type: 'snapshot' | 'ended' }> }
  | { type: 'ended'; race: RaceSummary }

/** A crop of a training image with what lies around it. */
export interface CropExample {
  sample: Sample
  /** Of the crop, in the sample. */
  corner: Corner
}

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

/** Somebody looked at the test set. */
export interface TestLook {
  /** Null where the run was removed since. */
  runId: number | null
  /** In the test set then. */
  images: number
  lookedAt: string
}

/** Images that must be in one split together, and why. */
export interface JoinedGroup {
  images: { id: number; name: string; split: Split | null }[]
  /** The folders or prefixes that they share. */
  names: string[]
  /** Pairs that look alike, by name, with the correlation of their outlines, up to 1. */
  alike: { image: string; like: string; likeness: number }[]
}

/** How the labelled images are divided, and what follows from it. */
export interface SplitOverview {
  settings: SplitSettings
  balance: Record<Split, ClassBalance>
  /** Labelled images whose split the person chose; drawing leaves them alone. */
  ownChoices: number
  /** Of labelled images, those of one image included. */
  groups: number
  /** Groups of more than one labelled image. */
  joined: JoinedGroup[]
  looks: TestLook[]
  /** Runs of which images are in another split now than in the run. */
  moved: { runId: number; images: number }[]
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

/** One prediction with the label it is judged by, both at the scale at which the network sees the image. */
export interface ReviewDetail extends Extent {
  imageId: number
  /** `[height, width]`, quantised by `learning/quantise.ts`. */
  probabilities: Uint8Array
  /** `[height, width]`, three-valued mask as it is now. */
  label: Uint8Array
}

/** How a run came to see one image: its predictions by the weights that it had after some of its steps. */
export interface RunCourse extends Extent {
  runId: number
  imageId: number
  bestStep: number | null
  /** The run's threshold is level / 256. */
  level: number
  /** `[height, width, 3]`, RGB, as the network sees it. */
  image: Uint8Array
  /** `[height, width]`, three-valued mask as it is now. */
  label: Uint8Array
  /** Steps ascend; `[height, width]`, quantised by `learning/quantise.ts`. */
  outputs: { step: number; probabilities: Uint8Array }[]
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
