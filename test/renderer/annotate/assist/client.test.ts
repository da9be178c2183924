// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import { AssistClient } from '../../../../src-renderer/annotate/assist/client'
import type {
  Found,
  FromWorker,
  SourceAddress,
  ToWorker
} from '../../../../src-renderer/annotate/assist/protocol'

/** A thread in the test's hands. */
class Thread {
  static started: Thread[] = []
  readonly posted: ToWorker[] = []
  isEnded = false
  readonly answered: (message: FromWorker) => void
  readonly ended: (why: string) => void

  constructor(told: { answered(message: FromWorker): void; ended(why: string): void }) {
    this.answered = told.answered
    this.ended = told.ended
    Thread.started.push(this)
  }

  /** Answers what was posted last. */
  answer(found: Found): void {
    this.answered({ id: this.last.id, answer: found })
  }

  get last() {
    return this.posted.findLast((message) => 'id' in message)!
  }

  post = (message: ToWorker) => void this.posted.push(message)
  end = () => void (this.isEnded = true)
}

const image = (url: string): SourceAddress => ({
  ...{ url, size: { width: 1, height: 1 } },
  tiles: { base: '/tiles/1', query: '' }
})
const [A, B] = [image('a.png'), image('b.png')]
const wand = (tolerance: number) => ({ x: 1, y: 1, contiguous: true, tolerance, scale: 1 })
const found = (x: number): Found => {
  const area = { x, y: 0, width: 1, height: 1 }
  const picture = { width: 1, height: 1, data: new Uint8ClampedArray(4) }
  return { region: { ...area, pixels: new Uint8Array(1) }, cover: { area, picture } }
}

let client: AssistClient
let failures: string[]

beforeEach(() => {
  Thread.started = []
  failures = []
  client = new AssistClient(
    (told) => new Thread(told),
    (sentence) => failures.push(sentence)
  )
})

const thread = () => Thread.started.at(-1)!

describe('the client of the tools’ thread', () => {
  test('starts the thread and opens the image when something is asked, once', async () => {
    client.show(A)
    expect(Thread.started).toHaveLength(0)
    const first = client.ask('wand', wand(1))
    expect(thread().posted.map((message) => ('open' in message ? message.open.url : message.kind))).toEqual([
      'a.png',
      'wand'
    ])
    thread().answer(found(7))
    expect((await first)?.region.x).toBe(7)
    void client.ask('wand', wand(2))
    expect(thread().posted).toHaveLength(3)
    client.prepare()
    expect(thread().posted).toHaveLength(3)
  })

  test('of a flood the first and the last are carried out', async () => {
    client.show(A)
    const answers = [1, 2, 3, 4].map((tolerance) => client.ask('wand', wand(tolerance)))
    expect(thread().last.request).toEqual(wand(1))
    thread().answer(found(1))
    expect(thread().last.request).toEqual(wand(4))
    thread().answer(found(4))
    expect((await Promise.all(answers)).map((answer) => answer?.region.x)).toEqual([
      1,
      undefined,
      undefined,
      4
    ])
    expect(thread().posted).toHaveLength(3)
  })

  test('kinds do not push each other away', async () => {
    client.show(A)
    const press = client.ask('wand', wand(1))
    const fill = client.ask('smart-fill', { scribbles: [] })
    thread().answer(found(1))
    expect(thread().last.kind).toBe('smart-fill')
    thread().answer(found(2))
    expect([(await press)?.region.x, (await fill)?.region.x]).toEqual([1, 2])
  })

  test('what was dropped is answered with nothing, its late answer is nobody’s', async () => {
    client.show(A)
    const running = client.ask('wand', wand(1))
    const waiting = client.ask('wand', wand(2))
    client.drop('wand')
    expect(await Promise.all([running, waiting])).toEqual([null, null])
    const next = client.ask('wand', wand(3))
    expect(thread().last.request).toEqual(wand(1))
    thread().answer(found(1))
    expect(thread().last.request).toEqual(wand(3))
    thread().answer(found(3))
    expect((await next)?.region.x).toBe(3)
  })

  test('another image ends everything about the one before', async () => {
    client.show(A)
    const about = client.ask('wand', wand(1))
    client.show(B)
    expect(await about).toBeNull()
    const next = client.ask('wand', wand(2))
    thread().answer(found(1))
    expect(thread().posted.slice(-2)).toMatchObject([{ open: B }, { request: wand(2) }])
    thread().answer(found(2))
    expect((await next)?.region.x).toBe(2)
    expect(await (client.show(null), client.ask('wand', wand(3)))).toBeNull()
  })

  test('a failure is told, and the next question is asked', async () => {
    client.show(A)
    const failing = client.ask('wand', wand(1))
    thread().answered({ id: thread().last.id, failed: 'The image could not be read.' })
    expect(await failing).toBeNull()
    expect(failures).toEqual(['The image could not be read.'])
    const next = client.ask('wand', wand(2))
    thread().answer(found(2))
    expect((await next)?.region.x).toBe(2)
  })

  test('a thread that ends is told of and replaced', async () => {
    client.show(A)
    const asked = client.ask('wand', wand(1))
    thread().ended('out of memory')
    expect(await asked).toBeNull()
    expect(failures[0]).toContain('out of memory')
    const next = client.ask('wand', wand(2))
    expect(Thread.started).toHaveLength(2)
    expect(thread().posted[0]).toEqual({ open: A })
    thread().answer(found(2))
    expect((await next)?.region.x).toBe(2)
    client.close()
    expect(thread().isEnded).toBe(true)
  })
})
