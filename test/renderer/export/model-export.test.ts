// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest'
import type { ExportReport, Quantization, RunSummary, VerifyReport } from '#core/api/values'
import { DEFAULTS } from '#core/learning/defaults'
import {
  bestRun,
  ModelExport,
  weightBytes,
  type ExportHost
} from '../../../src-renderer/export/model-export.svelte'
import { metricsOf, runOf } from '../train/fixtures'

const verdict: VerifyReport = {
  images: 8,
  maxProbabilityDifference: 1e-7,
  maxIoUDifference: 0,
  tolerance: 1e-4,
  passed: true,
  computedBy: 'a browser'
}

class FakeHost implements ExportHost {
  runs: RunSummary[] = [
    runOf(1, { best: metricsOf(0.8) }),
    runOf(2, { best: metricsOf(0.6) }),
    runOf(3, { best: null })
  ]
  asked: string[] = []
  verification = async (): Promise<VerifyReport> => verdict

  async model(runId: number, folder: string, quantize: Quantization): Promise<ExportReport> {
    this.asked.push(`model ${runId} ${folder} ${quantize}`)
    return { folder, files: [{ name: 'model.json', bytes: 12 }] }
  }
  async masks(folder: string) {
    return { folder, format: 'png' as const, files: [], images: 0, unfinished: 0, withUnknown: 0 }
  }
  async startVerification(folder: string, runId: number) {
    this.asked.push(`verify ${runId} ${folder}`)
    return { id: 'v1', page: '/verify/v1/' }
  }
}

let host: FakeHost
let model: ModelExport

beforeEach(() => {
  host = new FakeHost()
  model = new ModelExport(host)
  model.open('/projects/cells-model')
})

describe('exporting a model', () => {
  it('has the best run and the usual folder ready', () => {
    expect(model.runId).toBe(1)
    expect(model.folder).toBe('/projects/cells-model')
    expect(bestRun([])).toBeNull()
    expect(bestRun(host.runs)!.id).toBe(1)
  })

  it('keeps the run and the folder that the person chose', () => {
    model.folder = '/elsewhere'
    model.open('/projects/cells-model', 2)
    expect([model.runId, model.folder]).toEqual([2, '/elsewhere'])
    model.open('/projects/cells-model')
    expect(model.runId).toBe(1)
  })

  it('writes and verifies with one click', async () => {
    await model.exportAndVerify()
    expect(host.asked).toEqual(['model 1 /projects/cells-model none', 'verify 1 /projects/cells-model'])
    expect(model.written!.files).toHaveLength(1)
    expect(model.verdict).toEqual(verdict)
    expect(model.phase).toBe('idle')
  })

  it('shows the verifying page while it verifies, and not longer', async () => {
    let pageThen: string | null = null
    host.verification = async () => {
      pageThen = model.page
      return verdict
    }
    await model.exportAndVerify()
    expect(pageThen).toBe('/verify/v1/')
    expect(model.page).toBeNull()
  })

  it('says what failed and keeps what was written', async () => {
    host.verification = () => Promise.reject(new Error('The browser has stopped answering.'))
    await model.exportAndVerify()
    expect(model.problem).toBe('The browser has stopped answering.')
    expect(model.written).not.toBeNull()
    expect(model.verdict).toBeNull()
  })

  it('can skip the verification, which is no failure', async () => {
    host.verification = (...[, signal]: [string?, AbortSignal?]) =>
      new Promise((_, reject) => {
        signal!.addEventListener('abort', () => reject(new Error('aborted')))
        queueMicrotask(() => model.stopVerifying())
      })
    await model.exportAndVerify()
    expect(model.problem).toBeNull()
    expect(model.verdict).toBeNull()
    expect(model.written).not.toBeNull()
  })

  it('forgets the outcome of another run', async () => {
    await model.exportAndVerify()
    model.choose(2)
    expect(model.written).toBeNull()
    expect(model.verdict).toBeNull()
  })

  it('knows the size of the weights at each precision', () => {
    const full = weightBytes(DEFAULTS, 'none')
    expect(full).toBeGreaterThan(100_000)
    expect(weightBytes(DEFAULTS, 'float16')).toBe(full / 2)
    expect(weightBytes(DEFAULTS, 'uint8')).toBe(full / 4)
  })
})
