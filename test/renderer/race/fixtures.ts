import type { RaceProgress, RaceSummary, RunStatus } from '#core/api/values'
import { DEFAULTS } from '#core/learning/defaults'
import type { RacePair } from '#core/learning/race/compare'
import { plannedRuns, raceOf, type RaceConfig } from '#core/learning/race/config'
import type { RaceHost } from '../../../src-renderer/race/racing.svelte'

export const config: RaceConfig = raceOf({ ...DEFAULTS, steps: 100 }, ['iou', 'xent'], 2)

/** A race whose runs stand like this, numbered from 1. */
export function raceWith(statuses: (RunStatus | null)[], change: Partial<RaceSummary> = {}): RaceSummary {
  return {
    id: 1,
    status: 'running',
    config,
    engine: 'onnx-cpu',
    chosenBecause: null,
    startedAt: '2026-01-01T00:00:00Z',
    runs: plannedRuns(config).map(({ loss, seed }, i) => {
      const status = statuses[i] ?? null
      return { loss, seed, status, runId: status && i + 1 }
    }),
    pairs: [],
    message: null,
    live: true,
    ...change
  }
}

export function pairOf(seed: number, first: number, second: number): RacePair {
  const run = (runId: number, mIoU: number) => ({
    runId,
    metrics: { threshold: 0.5, mIoU, iou1: mIoU, iou0: mIoU, precision: mIoU, recall: mIoU },
    objects: { objects: 3, found: 2, touched: 3 },
    recovered: 10,
    added: 20
  })
  return { seed, images: 5, runs: [run(2 * seed + 1, first), run(2 * seed + 2, second)], imageInterval: null }
}

/** A host whose answers a test writes down, and which remembers what it was asked. */
export class FakeHost implements RaceHost {
  races: RaceSummary[] = []
  asked: string[] = []
  /** Race ids that are being listened to, with who listens. */
  followers = new Map<number, (progress: RaceProgress) => void>()

  async start({ losses, seeds }: RaceConfig) {
    this.asked.push(`start ${losses.join(' ')} ${seeds.length}`)
    return { raceId: 7 }
  }
  async cancel(raceId: number) {
    this.asked.push(`cancel ${raceId}`)
  }
  async resume(raceId: number) {
    this.asked.push(`resume ${raceId}`)
  }
  async remove(raceId: number) {
    this.asked.push(`remove ${raceId}`)
  }
  follow(raceId: number, onProgress: (progress: RaceProgress) => void) {
    this.followers.set(raceId, onProgress)
    return () => {
      this.followers.delete(raceId)
    }
  }
}
