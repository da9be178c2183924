import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunSummary, Suggestion, SuggestionInput } from '#core/api/values'
import { encodeMask } from '#core/mask/codec'
import { flatten, maskOf } from '#core/mask/tiles'
import { Suggestions, type SuggestHost } from '../../../src-renderer/annotate/suggest/suggestions.svelte'
import { runOf } from '../train/fixtures'

/** Suggests for image n its first n pixels; answers when the test says so. */
class FakeHost implements SuggestHost {
  runs = $state.raw<RunSummary[]>([runOf(1), runOf(2, { threshold: 0.25 })])
  chosenRun = $state<number | null>(null)
  imageId = $state<number | null>(null)
  wanted = $state(false)
  readonly asked: SuggestionInput[] = []
  readonly #late: (() => void)[] = []
  fails = false

  ahead = (imageId: number) => [imageId + 1, imageId + 2]

  async read(input: SuggestionInput): Promise<Suggestion> {
    this.asked.push(input)
    await new Promise<void>((resolve) => this.#late.push(resolve))
    if (this.fails) throw new Error('The test set is locked.')
    const flat = Uint8Array.from({ length: 16 }, (_, at) => (at < input.imageId ? 1 : 0))
    return { width: 4, height: 4, tiles: encodeMask(maskOf(flat, 4, 4)) }
  }

  /** Answers what was asked so far, the latest first. */
  async answer(): Promise<void> {
    for (const answer of this.#late.splice(0).reverse()) answer()
    await new Promise<void>((resolve) => setTimeout(resolve))
    flushSync()
  }
}

let host: FakeHost
let suggestions: Suggestions
let stop: () => void

beforeEach(() => {
  host = new FakeHost()
  suggestions = new Suggestions(host)
  stop = suggestions.start()
  flushSync()
})

afterEach(() => stop())

const suggestedPixels = () =>
  suggestions.mask ? flatten(suggestions.mask).reduce((sum, value) => sum + value, 0) : null
const set = (change: Partial<FakeHost>) => {
  Object.assign(host, change)
  flushSync()
}

describe('what a model suggests', () => {
  test('is asked of the newest run at its threshold, and only when somebody looks', async () => {
    set({ imageId: 5 })
    expect(host.asked).toEqual([])
    set({ wanted: true })
    expect(host.asked).toEqual([{ runId: 2, imageId: 5, level: 64, ahead: [6, 7] }])
    expect(suggestions.asking).toBe(true)
    await host.answer()
    expect(suggestedPixels()).toBe(5)
    expect(suggestions.asking).toBe(false)
    set({ wanted: false })
    expect(suggestedPixels()).toBeNull()
  })

  test('belongs to the image on screen, whatever answer comes last', async () => {
    set({ imageId: 5, wanted: true })
    set({ imageId: 3 })
    await host.answer()
    expect(suggestedPixels()).toBe(3)
    set({ imageId: 4 })
    expect(suggestedPixels()).toBeNull()
  })

  test('follows the run that the person chose, and a better model of it', async () => {
    set({ imageId: 5, wanted: true, chosenRun: 1 })
    expect(host.asked.at(-1)).toMatchObject({ runId: 1, level: 128 })
    await host.answer()
    set({ runs: [runOf(1, { bestStep: 999 }), host.runs[1]!] })
    expect(host.asked).toHaveLength(2)
  })

  test('at another threshold takes its place when it is there, and leaves the run’s own alone', async () => {
    set({ imageId: 5, wanted: true })
    await host.answer()
    suggestions.setLevel(200)
    flushSync()
    expect(suggestedPixels()).toBe(5)
    expect(host.asked.at(-1)).toMatchObject({ runId: 2, level: 200 })
    set({ chosenRun: 1 })
    expect(suggestions.level).toBe(128)
    set({ chosenRun: 2 })
    expect(suggestions.level).toBe(200)
  })

  test('that cannot be had says why', async () => {
    host.fails = true
    set({ imageId: 5, wanted: true })
    await host.answer()
    expect(suggestions.problem).toBe('The test set is locked.')
    expect(suggestions.mask).toBeNull()
    host.fails = false
    set({ imageId: 6 })
    await host.answer()
    expect(suggestions.problem).toBeNull()
    expect(suggestedPixels()).toBe(6)
  })

  test('is nothing without a model', () => {
    set({ runs: [runOf(1, { best: null, bestStep: null })], imageId: 5, wanted: true })
    expect(suggestions.run).toBeNull()
    expect(host.asked).toEqual([])
  })
})
