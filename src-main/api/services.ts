import type { MaskExportFormat, MaskExportReport } from '#core/api/maskExport'
import type { MaskChoice, MaskImportProgress, MaskPreview } from '#core/api/maskImport'
import type { Choice, ChoiceInput } from '#core/learning/choice/choose'
import type { TrainConfig } from '#core/learning/config'
import type { Preparation } from '#core/learning/frame'
import type { SplitSettings } from '#core/learning/splits'
import type { RaceConfig } from '#core/learning/race/config'
import type { ReportChoice } from '#main/exchange/report/contents'
import type {
  CropExample,
  DeletedImage,
  EngineReport,
  ExportReport,
  FolderListing,
  HostInfo,
  ImageState,
  ImageSummary,
  ImportOutcome,
  ImportProgress,
  MaskChange,
  MaskContent,
  ProjectChange,
  ProjectSummary,
  Quantization,
  RaceProgress,
  RaceSummary,
  RecentProject,
  ReviewDetail,
  ReviewImage,
  RunCourse,
  RunProgress,
  RunSummary,
  Split,
  SplitOverview,
  StrokeInput,
  Suggestion,
  SuggestionInput,
  TestLook,
  TrainingOverview,
  VerifyReport
} from '#core/api/values'

/**
 * What every host offers to a window: the procedures' work, without their transport. Methods that concern images,
 * masks and runs work on the one open project and throw `not-found` when none is open.
 */
export interface Services {
  host(): HostInfo
  project: {
    recent(): Promise<RecentProject[]>
    current(): ProjectSummary | null
    create(path: string): Promise<ProjectSummary>
    open(path: string): Promise<ProjectSummary>
    /** Makes the sample project, at a free name in the projects folder where no path is given, and opens it. */
    sample(path: string | null): Promise<ProjectSummary>
    close(): Promise<void>
    /** Every change of the open project, and the opening and closing itself, until the signal. */
    changes(signal: AbortSignal): AsyncIterable<ProjectChange>
  }
  files: {
    list(path: string | null): Promise<FolderListing>
  }
  images: {
    /** Those of these ids that are there; without ids all. */
    list(ids?: number[]): ImageSummary[]
    /** Puts images into the bin. */
    delete(ids: number[]): void
    restore(ids: number[]): void
    bin(): DeletedImage[]
    /** Deletes for good what is in the bin; gives the count. */
    emptyBin(): number
    add(file: { name: string; bytes: Uint8Array }): Promise<ImportOutcome>
    /** What a file of masks would bring; writes nothing. */
    previewMasks(file: { name: string; bytes: Uint8Array }): Promise<MaskPreview>
    /** Writes the masks of a file, as the person chose; tells of each what became of it. */
    importMasks(
      file: { name: string; bytes: Uint8Array },
      choice: MaskChoice,
      signal: AbortSignal
    ): AsyncIterable<MaskImportProgress>
    importFolder(
      folders: { images: string; masks: string | null; link: boolean },
      signal: AbortSignal
    ): AsyncIterable<ImportProgress>
    setState(ids: number[], state: ImageState): ImageSummary[]
    /** Null takes the own choice back and draws a split. */
    setSplit(ids: number[], split: Split | null): ImageSummary[]
  }
  splits: {
    overview(): SplitOverview
    /** Draws all splits anew in this way; own choices stay. */
    draw(settings: SplitSettings): SplitOverview
  }
  masks: {
    read(imageId: number): MaskContent
    commit(stroke: StrokeInput): MaskChange
    undo(imageId: number): MaskChange
    redo(imageId: number): MaskChange
  }
  training: {
    overview(config: TrainConfig): Promise<TrainingOverview>
    choose(input: ChoiceInput): Promise<Choice>
    /** A training image at this size with its label; null while there is none. */
    example(preparation: Preparation): Promise<CropExample | null>
    engines(): Promise<EngineReport[]>
    start(config: TrainConfig): Promise<{ runId: number }>
    cancel(runId: number): Promise<void>
    resume(runId: number): Promise<void>
    progress(runId: number, signal: AbortSignal): AsyncIterable<RunProgress>
  }
  runs: {
    list(): RunSummary[]
    setThreshold(runId: number, threshold: number): RunSummary
    remove(runId: number): Promise<void>
  }
  races: {
    list(): RaceSummary[]
    start(config: RaceConfig): Promise<{ raceId: number }>
    cancel(raceId: number): Promise<void>
    resume(raceId: number): Promise<void>
    remove(raceId: number): Promise<void>
    progress(raceId: number, signal: AbortSignal): AsyncIterable<RaceProgress>
  }
  review: {
    /** Predicts what the run has not predicted yet, then counts against the labels as they are now. */
    images(runId: number, split: Split): Promise<ReviewImage[]>
    detail(runId: number, imageId: number): Promise<ReviewDetail>
    /** Opens the test set to a run until the project is closed, counts that as a look, and returns all looks. */
    unlockTest(runId: number): TestLook[]
  }
  suggestions: {
    read(input: SuggestionInput): Promise<Suggestion>
  }
  report: {
    /** The images that all of these runs were validated with, by name. */
    images(runIds: number[]): { imageId: number; name: string }[]
    /** Predicts one image by all weights that the run has. */
    course(runId: number, imageId: number): Promise<RunCourse>
  }
  exchange: {
    model(runId: number, folder: string, quantize: Quantization): Promise<ExportReport>
    masks(folder: string, format: MaskExportFormat): Promise<MaskExportReport>
    /** Writes figures and page of one run or two; null chooses an image and steps. */
    report(choice: ReportChoice, folder: string): Promise<ExportReport>
    /** Prepares the check of an exported folder; the window shows `page` in a frame, which does the work. */
    startVerification(folder: string, runId: number): Promise<{ id: string; page: string }>
    verification(id: string, signal: AbortSignal): Promise<VerifyReport>
  }
}
