import type { MaskExportFormat, MaskExportReport } from '#core/api/maskExport'
import type { ExportReport, Quantization, RunSummary, VerifyReport } from '#core/api/values'
import { messageOf } from '#core/errors'
import { outputsOf, type TrainConfig } from '#core/learning/config'
import { parseArchitecture } from '#core/network/architecture'
import { parameterCount } from '#core/network/shapes'

/** What the export screen needs of the host. */
export interface ExportHost {
  /** The project's runs, as they are now. */
  readonly runs: RunSummary[]
  model(runId: number, folder: string, quantize: Quantization): Promise<ExportReport>
  masks(folder: string, format: MaskExportFormat): Promise<MaskExportReport>
  startVerification(folder: string, runId: number): Promise<{ id: string; page: string }>
  verification(id: string, signal: AbortSignal): Promise<VerifyReport>
}

/** Bytes of one weight. */
const WEIGHT_BYTES: Record<Quantization, number> = { none: 4, float16: 2, uint8: 1 }

/** The size of a run's exported weights, in bytes. */
export function weightBytes(config: TrainConfig, quantize: Quantization): number {
  const spec = parseArchitecture(config.architecture, config.size, outputsOf(config.loss))
  return parameterCount(spec) * WEIGHT_BYTES[quantize]
}

/** The run with the highest validation mIoU; of equals the first. */
export function bestRun(runs: RunSummary[]): RunSummary | null {
  const score = (run: RunSummary | null) => run?.best?.mIoU ?? -1
  return runs.reduce<RunSummary | null>((best, run) => (score(run) > score(best) ? run : best), null)
}

/** Writes a run's model and has the written folder checked by a page that loads it as any web page would. */
export class ModelExport {
  runId = $state<number | null>(null)
  folder = $state('')
  quantize = $state<Quantization>('none')
  phase = $state<'idle' | 'writing' | 'verifying'>('idle')
  written = $state.raw<ExportReport | null>(null)
  verdict = $state.raw<VerifyReport | null>(null)
  /** The address of the page that verifies, while it does; the screen shows it in a frame. */
  page = $state<string | null>(null)
  problem = $state<string | null>(null)

  /** Those with a model, newest first. */
  readonly runs = $derived.by(() =>
    this.#host.runs.filter(({ best }) => best !== null).toSorted((a, b) => b.id - a.id)
  )
  readonly run = $derived(this.runs.find(({ id }) => id === this.runId) ?? null)

  readonly #host: ExportHost
  #stop: AbortController | null = null

  constructor(host: ExportHost) {
    this.#host = host
  }

  /** Takes the run `wanted`, or else the best, and `folder`, unless another one was typed. */
  open(folder: string, wanted: number | null = null): void {
    if (this.phase !== 'idle') return
    if (this.folder === '') this.folder = folder
    const known = this.runs.find(({ id }) => id === wanted) ?? bestRun(this.runs)
    this.choose(known?.id ?? null)
  }

  choose(runId: number | null): void {
    if (runId !== this.runId) this.#forget()
    this.runId = runId
  }

  async exportAndVerify(): Promise<void> {
    const { runId, folder, quantize } = this
    if (runId === null || folder.trim() === '' || this.phase !== 'idle') return
    this.#forget()
    const stop = (this.#stop = new AbortController())
    try {
      this.phase = 'writing'
      this.written = await this.#host.model(runId, folder.trim(), quantize)
      this.phase = 'verifying'
      const { id, page } = await this.#host.startVerification(this.written.folder, runId)
      this.page = page
      this.verdict = await this.#host.verification(id, stop.signal)
    } catch (error) {
      if (!stop.signal.aborted) this.problem = messageOf(error)
    } finally {
      this.phase = 'idle'
      this.page = null
    }
  }

  /** Gives up on the verification; what was written stays. */
  stopVerifying(): void {
    this.#stop?.abort()
  }

  #forget(): void {
    this.written = null
    this.verdict = null
    this.problem = null
  }
}
