import type {
  HostInfo,
  ImageSummary,
  ProjectChange,
  ProjectSummary,
  RaceSummary,
  RunSummary
} from '#core/api/values'
import { messageOf } from '#core/errors'
import { api, onConnection } from './api'
import { coalesced } from './coalesced'
import { merged } from './merged'
import { toasts } from './toasts.svelte'

export const SCREENS = ['annotate', 'train', 'review', 'export'] as const
export type Screen = (typeof SCREENS)[number]

/** Milliseconds between two readings of the lists while changes flood in, as during an import. */
const PAUSE = 250

/** So many changed images are read one by one; for more all are. */
const MANY = 1000

export type Connection = 'connecting' | 'connected' | 'lost'

/**
 * What the window knows about the open project, kept fresh by the host's changes. Screens read from here; whoever
 * changes something calls the host and takes the answer from here again.
 */
class Session {
  connection = $state<Connection>('connecting')
  host = $state.raw<HostInfo | null>(null)
  project = $state.raw<ProjectSummary | null>(null)
  images = $state.raw<ImageSummary[]>([])
  runs = $state.raw<RunSummary[]>([])
  /** They change with their runs. */
  races = $state.raw<RaceSummary[]>([])
  /** The first answer has come: `project` null means that none is open. */
  ready = $state(false)
  screen = $state<Screen>('annotate')
  imageId = $state<number | null>(null)
  /** The run that the person chose to review or export; null while each screen takes its own default. */
  runId = $state<number | null>(null)

  readonly image = $derived(this.images.find(({ id }) => id === this.imageId) ?? null)
  readonly readOnly = $derived(this.project?.readOnly ?? true)

  /** Tells pictures of one project from those of another, whose images have the same numbers. */
  #pictures = $state(0)
  #farewells = new Set<() => Promise<void>>()
  /** Images that changed since they were read; null where that may be any. */
  #stale: Set<number> | null = null
  /** Those who wait for the connection. */
  #waiting: (() => void)[] = []

  #refreshProject = coalesced(
    () => this.#guarded(async () => this.#takeProject(await api.project.current.query())),
    PAUSE
  )
  #refreshImages = coalesced(() => this.#guarded(() => this.#readImages()), PAUSE)
  #refreshRuns = coalesced(
    () =>
      this.#guarded(async () => {
        const [runs, races] = this.project
          ? await Promise.all([api.runs.list.query(), api.races.list.query()])
          : [[], []]
        this.runs = runs
        this.races = races
      }),
    PAUSE
  )

  /** Connects to the host and stays connected until the returned function is called. */
  start(): () => void {
    const stopWatching = onConnection((connected) => this.#connectionChanged(connected))
    const changes = api.project.changes.subscribe(undefined, {
      onData: (change) => this.#changed(change),
      onError: (error) => toasts.show(error.message, 'error')
    })
    return () => {
      changes.unsubscribe()
      stopWatching()
    }
  }

  /** Work that has to be finished before the project is closed. */
  beforeClose(farewell: () => Promise<void>): () => void {
    this.#farewells.add(farewell)
    return () => this.#farewells.delete(farewell)
  }

  /** Resolves when the host can be reached. */
  async online(): Promise<void> {
    if (this.connection !== 'connected') await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Reads everything again: after the connection came back, or after a project was opened. */
  async refresh(): Promise<void> {
    this.#stale = null
    await this.#refreshProject()
    if (this.project) await Promise.all([this.#refreshImages(), this.#refreshRuns()])
    this.ready = true
  }

  /** Goes on with a project that the host has just opened. */
  async opened(project: ProjectSummary): Promise<void> {
    this.#takeProject(project)
    this.screen = 'annotate'
    await this.refresh()
  }

  async closeProject(): Promise<void> {
    await Promise.all([...this.#farewells].map((farewell) => farewell()))
    // At once, so that what is being read of it meanwhile is nobody's failure.
    this.#takeProject(null)
    try {
      await api.project.close.mutate()
    } catch (error) {
      await this.refresh()
      throw error
    }
  }

  /** Puts fresher summaries, as answers of the host carry them, into the list. */
  takeSummaries(summaries: ImageSummary[]): void {
    const fresh = new Map(summaries.map((summary) => [summary.id, summary]))
    this.images = this.images.map((image) => fresh.get(image.id) ?? image)
  }

  /** Address of an image in full size. */
  imageUrl(id: number): string {
    return `/image/${id}?of=${this.#pictures}`
  }

  /** Address of a large image's tiles: their base, and what each ends with. */
  tilesOf(id: number): { base: string; query: string } {
    return { base: `/tiles/${id}`, query: `?of=${this.#pictures}` }
  }

  /** Address of an image whose longer edge has at most `edge` pixels. */
  thumbnailUrl(id: number, edge = 256): string {
    return `/thumbnail/${id}?edge=${edge}&of=${this.#pictures}`
  }

  /** Address of what is painted on an image, to lie over its thumbnail. */
  maskUrl({ id, revision }: Pick<ImageSummary, 'id' | 'revision'>, edge = 256): string {
    return `/mask/${id}?edge=${edge}&revision=${revision}&of=${this.#pictures}`
  }

  #connectionChanged(connected: boolean): void {
    const before = this.connection
    this.connection = connected ? 'connected' : before === 'connecting' ? 'connecting' : 'lost'
    if (!connected || before === 'connected') return
    for (const resume of this.#waiting.splice(0)) resume()
    if (before === 'lost') toasts.show('The connection is back.', 'good')
    void this.#guarded(async () => {
      this.host = await api.host.query()
      await this.refresh()
    })
  }

  #changed(change: ProjectChange): void {
    if (change.kind === 'project') void this.refresh()
    else if (change.kind === 'runs') void this.#refreshRuns()
    else {
      const ids = change.kind === 'mask' ? [change.imageId] : change.ids
      if (ids === null) this.#stale = null
      else for (const id of ids) this.#stale?.add(id)
      void this.#refreshImages()
      void this.#refreshProject()
    }
  }

  #takeProject(project: ProjectSummary | null): void {
    if (project?.path !== this.project?.path) {
      this.#pictures++
      this.images = []
      this.runs = []
      this.races = []
      this.imageId = null
      this.runId = null
    }
    this.project = project
  }

  /** Reads what is stale of the list: in a project of many thousand images a stroke changes one of them. */
  async #readImages(): Promise<void> {
    const path = this.project?.path
    if (path === undefined) return
    const stale = this.#stale
    this.#stale = new Set()
    try {
      if (stale === null || stale.size > MANY) this.#takeImages(await api.images.list.query())
      else if (stale.size > 0) {
        const fresh = await api.images.list.query({ ids: [...stale] })
        this.#takeImages(merged(this.images, stale, fresh))
      }
    } catch (error) {
      this.#stale = null
      if (this.project?.path === path) throw error
    }
  }

  #takeImages(images: ImageSummary[]): void {
    this.images = this.project ? images : []
    if (this.images.some(({ id }) => id === this.imageId)) return
    // What was at hand is gone: go on with what came after it.
    const left = this.imageId ?? 0
    this.imageId = (this.images.find(({ id }) => id > left) ?? this.images.at(-1))?.id ?? null
  }

  /** What fails while the connection is lost is tried again when it is back, so it is not worth a sentence. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (this.connection === 'connected') toasts.show(messageOf(error), 'error')
    }
  }
}

export const session = new Session()
