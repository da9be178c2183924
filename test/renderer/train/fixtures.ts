import type { RunProgress, RunSummary, TrainingOverview } from '#core/api/values'
import type { Choice, ChoiceInput } from '#core/learning/choice/choose'
import type { TrainConfig } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'
import type { TrainingHost } from '../../../src-renderer/train/training.svelte'

export const metricsOf = (mIoU: number) => ({
  threshold: 0.5,
  mIoU,
  iou1: mIoU,
  iou0: mIoU,
  precision: 0.8,
  recall: 0.7
})

export const baselines = { background: 0.4, foreground: 0.1, meanMask: 0.42 }

/** A run that ended well, except where `change` says otherwise. */
export function runOf(id: number, change: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    raceId: null,
    status: 'done',
    config: DEFAULTS,
    engine: 'tfjs-wasm',
    device: 'CPU',
    chosenBecause: null,
    startedAt: '2026-01-01T00:00:00Z',
    steps: 400,
    seconds: 100,
    medianStepMilliseconds: 250,
    bestStep: 300,
    best: metricsOf(0.7),
    threshold: 0.5,
    baselines,
    flat: false,
    message: null,
    live: false,
    ...change
  }
}

export const liveRun = (id: number, change: Partial<RunSummary> = {}) =>
  runOf(id, {
    status: 'running',
    live: true,
    steps: 0,
    seconds: 0,
    best: null,
    bestStep: null,
    medianStepMilliseconds: null,
    baselines: null,
    ...change
  })

/** A host whose answers a test writes down, and which remembers what it was asked. */
export class FakeHost implements TrainingHost {
  runs: RunSummary[] = []
  overviewAnswer: TrainingOverview = {
    balance: {
      train: { images: 30, foregroundShare: 0.13 },
      validation: { images: 10, foregroundShare: 0.4 },
      test: { images: 0, foregroundShare: null }
    },
    unlabelled: 2,
    baselines,
    warnings: [],
    obstacle: null
  }
  asked: string[] = []
  /** Run ids that are being listened to, with who listens. */
  followers = new Map<number, (progress: RunProgress) => void>()

  async overview() {
    this.asked.push('overview')
    return this.overviewAnswer
  }
  choiceAnswer: Choice = {
    architecture: 'UNet-xs',
    size: 192,
    crop: null,
    ceiling: 0.96,
    preparation: null,
    because: 'Your objects are small.'
  }
  async choose({ batch, minutes }: ChoiceInput) {
    this.asked.push(`choose for ${batch} images, ${minutes} minutes`)
    return this.choiceAnswer
  }
  async example() {
    return null
  }
  async engines() {
    this.asked.push('engines')
    return [
      {
        name: 'tfjs-wasm' as const,
        available: true,
        device: 'CPU',
        detail: null,
        speedTestMilliseconds: 300,
        chosen: true
      }
    ]
  }
  started: TrainConfig | null = null
  async start(config: TrainConfig) {
    this.started = config
    this.asked.push('start')
    return { runId: 7 }
  }
  async cancel(runId: number) {
    this.asked.push(`cancel ${runId}`)
  }
  async resume(runId: number) {
    this.asked.push(`resume ${runId}`)
  }
  async remove(runId: number) {
    this.asked.push(`remove ${runId}`)
    this.runs = this.runs.filter(({ id }) => id !== runId)
  }
  follow(runId: number, onProgress: (progress: RunProgress) => void) {
    this.followers.set(runId, onProgress)
    return () => {
      this.followers.delete(runId)
    }
  }
}
