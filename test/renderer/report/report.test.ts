// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest'
import type { ExportReport, RunCourse, RunSummary } from '#core/api/values'
import { Report, type ReportHost } from '../../../src-renderer/report/report.svelte'
import { runOf } from '../train/fixtures'

const iou = runOf(1)
const xent = runOf(2, { config: { ...iou.config, loss: 'xent' } })
const unfinished = runOf(3, { best: null, bestStep: null })

/** Runs 1 and 2 have seen two images of two pixels, of which the first is foreground. */
class FakeHost implements ReportHost {
  runs: RunSummary[] = [{ ...iou, config: { ...iou.config, loss: 'iou' } }, xent, unfinished]
  steps: Record<number, number[]> = { 1: [1, 10, 60], 2: [1, 10, 48] }
  asked: string[] = []
  written: unknown[] = []
  apart = false

  async images(runIds: number[]) {
    if (this.apart && runIds.length > 1) throw new Error('Validated with different images.')
    return [
      { imageId: 7, name: 'a.png' },
      { imageId: 8, name: 'b.png' }
    ]
  }
  async course(runId: number, imageId: number): Promise<RunCourse> {
    this.asked.push(`${runId} ${imageId}`)
    return {
      ...{ runId, imageId, width: 2, height: 1, level: 128, bestStep: this.steps[runId]!.at(-1)! },
      image: new Uint8Array(6),
      label: Uint8Array.of(1, 0),
      outputs: this.steps[runId]!.map((step) => ({ step, probabilities: Uint8Array.of(step * 4, 0) }))
    }
  }
  async write(choice: unknown, folder: string): Promise<ExportReport> {
    if (folder === '/full') throw new Error('The disk is full.')
    this.written.push(choice)
    return { folder, files: [] }
  }
}

let host: FakeHost
let report: Report

beforeEach(async () => {
  host = new FakeHost()
  report = new Report(host, 1)
  await report.open()
})

const shown = () => report.rows.map(({ run, step, iou }) => [run.id, step, iou])

describe('the report of a run', () => {
  it('stands above the newest run with another loss, at the best steps', () => {
    expect(report.images.map(({ name }) => name)).toEqual(['a.png', 'b.png'])
    expect(report.steps).toEqual([1, 10, 48, 60])
    expect(shown()).toEqual([
      [1, 60, 1],
      [2, 48, 1]
    ])
    expect(report.rows.map(({ isBest }) => isBest)).toEqual([true, true])
    expect(report.problem).toBeNull()
  })

  it('stands below the other if it is the one with cross entropy', async () => {
    report = new Report(host, 2)
    await report.open()
    expect(report.runIds).toEqual([1, 2])
  })

  it('follows the step without asking the host again', () => {
    const before = host.asked.length
    report.position = 1
    expect(shown()).toEqual([
      [1, 10, 0],
      [2, 10, 0]
    ])
    expect(report.rows.map(({ isBest }) => isBest)).toEqual([false, false])
    expect(host.asked).toHaveLength(before)
  })

  it('keeps the step and the image when another run comes below, or none', async () => {
    await report.choose(8)
    report.position = 1
    await report.show(1, null)
    expect(report.imageId).toBe(8)
    expect(shown()).toEqual([[1, 10, 0]])
    await report.show(2, 2)
    expect(report.runIds).toEqual([2])
  })

  it('begins alone where the other run was validated with different images', async () => {
    host.apart = true
    report = new Report(host, 1)
    await report.open()
    expect(shown()).toEqual([[1, 60, 1]])
    expect(report.problem).toBeNull()
    await report.show(1, 2)
    expect(report.problem).toBe('Validated with different images.')
    expect(report.rows).toEqual([])
  })

  it('shows the last image that was chosen, whatever answer comes last', async () => {
    const answer = host.course.bind(host)
    let slow: (course: RunCourse) => void = () => undefined
    host.course = (runId, imageId) =>
      imageId === 8 ? new Promise((resolve) => (slow = resolve)) : answer(runId, imageId)
    const first = report.choose(8)
    await report.choose(7)
    slow(await answer(1, 8))
    await first
    expect(report.rows.map(({ detail }) => detail.imageId)).toEqual([7, 7])
  })

  it('writes the files of what is shown, and tells why it cannot', async () => {
    await report.choose(8)
    await report.write('/out')
    expect(host.written).toEqual([{ runIds: [1, 2], imageId: 8, steps: null }])
    expect(report.written?.folder).toBe('/out')
    await report.write('/full')
    expect(report.problem).toBe('The disk is full.')
    expect(report.writing).toBe(false)
  })
})
