// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import type { ImageSummary, MaskChange, MaskContent, StrokeInput, TilePatch } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { MaskQueue, type MaskCalls } from '../../../src-renderer/annotate/mask-queue'

class LostConnection extends Error {}

/** A project with masks whose tiles are single bytes; its answers can be held back and its connection cut. */
class Host implements MaskCalls {
  readonly masks = new Map<number, { revision: number; past: TilePatch[][]; future: TilePatch[][] }>()
  readonly log: string[] = []
  /** The next call's connection breaks: before it is carried out, or before its answer is there. */
  breaks: 'before' | 'after' | null = null
  refusal: JaccardError | null = null
  #held: (() => void)[] | null = null

  hold() {
    this.#held = []
  }

  answer() {
    const held = this.#held ?? []
    this.#held = null
    for (const go of held) go()
  }

  online = async () => undefined
  isUnanswered = (error: unknown) => error instanceof LostConnection

  read = async (imageId: number): Promise<MaskContent> => {
    const mask = this.mask(imageId)
    const tiles = new Map<number, TilePatch>()
    for (const patches of mask.past) for (const patch of patches) tiles.set(patch.index, patch)
    return { width: 1000, height: 1000, tiles: [...tiles.values()], ...stateOf(mask) }
  }

  commit = (stroke: StrokeInput) =>
    this.#do(`stroke ${stroke.imageId} @${stroke.revision}`, stroke.imageId, (mask) => {
      if (stroke.revision !== mask.revision) throw new JaccardError('conflict', 'It was changed elsewhere.')
      mask.past.push(stroke.tiles)
      mask.future = []
      mask.revision++
    })

  undo = (imageId: number) =>
    this.#do(`undo ${imageId}`, imageId, (mask) => {
      mask.future.push(mask.past.pop()!)
      mask.revision++
    })

  redo = (imageId: number) =>
    this.#do(`redo ${imageId}`, imageId, (mask) => {
      mask.past.push(mask.future.pop()!)
      mask.revision++
    })

  mask(imageId: number) {
    const mask = this.masks.get(imageId) ?? { revision: 0, past: [], future: [] }
    this.masks.set(imageId, mask)
    return mask
  }

  async #do(
    entry: string,
    imageId: number,
    change: (mask: ReturnType<Host['mask']>) => void
  ): Promise<MaskChange> {
    if (this.#held) await new Promise<void>((resolve) => this.#held!.push(resolve))
    const { breaks, refusal } = this
    this.breaks = this.refusal = null
    if (refusal) throw refusal
    if (breaks === 'before') throw new LostConnection('gone')
    const mask = this.mask(imageId)
    change(mask)
    this.log.push(entry)
    if (breaks === 'after') throw new LostConnection('gone')
    return { tiles: [], image: { id: imageId } as ImageSummary, ...stateOf(mask) }
  }
}

function stateOf(mask: { revision: number; past: unknown[]; future: unknown[] }) {
  return { revision: mask.revision, canUndo: mask.past.length > 0, canRedo: mask.future.length > 0 }
}

const tile = (value: number): TilePatch[] => [{ index: 0, data: new Uint8Array([value]) }]

let host: Host
let queue: MaskQueue
let told: string[]
let pending: number

beforeEach(async () => {
  host = new Host()
  told = []
  pending = 0
  queue = new MaskQueue(host, {
    pending: (count) => (pending = count),
    saved: (imageId, { revision }) => told.push(`saved ${imageId} @${revision}`),
    stepped: (imageId, { revision }) => told.push(`stepped ${imageId} @${revision}`),
    replaced: (imageId, { revision }, sentence) => told.push(`replaced ${imageId} @${revision}: ${sentence}`),
    failed: (imageId, sentence) => told.push(`failed ${imageId}: ${sentence}`)
  })
  await queue.load(1)
  await queue.load(2)
})

describe('strokes', () => {
  test('painted faster than they are saved arrive in order, each on the revision of the one before', async () => {
    host.hold()
    for (const value of [1, 2, 3]) queue.stroke(1, 'brush', tile(value))
    expect(pending).toBe(3)
    host.answer()
    await queue.idle()
    expect(host.log).toEqual(['stroke 1 @0', 'stroke 1 @1', 'stroke 1 @2'])
    expect(host.mask(1).past).toEqual([tile(1), tile(2), tile(3)])
    expect(pending).toBe(0)
  })

  test('on two images keep their own revisions', async () => {
    queue.stroke(1, 'brush', tile(1))
    queue.stroke(2, 'brush', tile(1))
    queue.stroke(1, 'brush', tile(2))
    await queue.idle()
    expect(host.log).toEqual(['stroke 1 @0', 'stroke 2 @0', 'stroke 1 @1'])
  })

  test('are all in the mask that is loaded after them', async () => {
    host.hold()
    queue.stroke(1, 'brush', tile(7))
    const loading = queue.load(1)
    host.answer()
    const content = await loading
    expect(content.revision).toBe(1)
    expect(content.tiles).toEqual(tile(7))
  })
})

describe('undo and redo', () => {
  test('wait for the strokes before them', async () => {
    host.hold()
    queue.stroke(1, 'brush', tile(1))
    queue.undo(1)
    expect(queue.isStepping(1)).toBe(true)
    expect(queue.isStepping(2)).toBe(false)
    host.answer()
    await queue.idle()
    expect(host.log).toEqual(['stroke 1 @0', 'undo 1'])
    expect(told).toEqual(['saved 1 @1', 'stepped 1 @2'])
    expect(queue.isStepping(1)).toBe(false)
    queue.redo(1)
    queue.stroke(1, 'brush', tile(2))
    await queue.idle()
    expect(host.log.slice(2)).toEqual(['redo 1', 'stroke 1 @3'])
  })

  test('more than there is to undo is no fault', async () => {
    queue.stroke(1, 'brush', tile(1))
    for (let i = 0; i < 5; i++) queue.undo(1)
    await queue.idle()
    expect(host.log).toEqual(['stroke 1 @0', 'undo 1'])
    expect(told.filter((entry) => entry.startsWith('failed') || entry.startsWith('replaced'))).toEqual([])
  })
})

describe('a mask that was changed elsewhere', () => {
  test('is shown as it is, with a sentence, and later strokes are saved again', async () => {
    host.mask(1).past.push(tile(9))
    host.mask(1).revision = 5
    host.hold()
    queue.stroke(1, 'brush', tile(1))
    queue.stroke(1, 'brush', tile(2))
    queue.stroke(2, 'brush', tile(3))
    host.answer()
    await queue.idle()
    expect(told).toEqual([
      'replaced 1 @5: It was changed elsewhere. The mask is shown as it is in the project.',
      'saved 2 @1'
    ])
    queue.stroke(1, 'brush', tile(4))
    await queue.idle()
    expect(host.log.at(-1)).toBe('stroke 1 @5')
  })

  test('a refused stroke ends as a sentence and the mask as it was', async () => {
    host.refusal = new JaccardError('read-only', 'The disk is full.')
    queue.stroke(1, 'brush', tile(1))
    await queue.idle()
    expect(told).toEqual(['replaced 1 @0: The disk is full. The mask is shown as it is in the project.'])
    expect(pending).toBe(0)
  })
})

describe('a connection that breaks', () => {
  test('before the stroke arrived: it is sent again', async () => {
    host.breaks = 'before'
    queue.stroke(1, 'brush', tile(1))
    queue.stroke(1, 'brush', tile(2))
    await queue.idle()
    expect(host.mask(1).past).toEqual([tile(1), tile(2)])
  })

  test('after the stroke was saved: it is not saved twice', async () => {
    host.breaks = 'after'
    queue.stroke(1, 'brush', tile(1))
    queue.stroke(1, 'brush', tile(2))
    await queue.idle()
    expect(host.mask(1).past).toEqual([tile(1), tile(2)])
    expect(pending).toBe(0)
    expect(told.filter((entry) => entry.startsWith('replaced'))).toEqual([])
  })

  test('after an undo was done: the mask is taken over, not undone twice', async () => {
    queue.stroke(1, 'brush', tile(1))
    queue.stroke(1, 'brush', tile(2))
    await queue.idle()
    host.breaks = 'after'
    queue.undo(1)
    await queue.idle()
    expect(host.mask(1).past).toEqual([tile(1)])
    expect(told.at(-1)).toBe('replaced 1 @3: null')
  })
})
