import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { TileStore } from '../../../../src-renderer/annotate/picture/tile-store'
import { TiledPicture } from '../../../../src-renderer/annotate/picture/tiled-picture'
import type { Sight } from '../../../../src-renderer/annotate/picture/picture'

const SIZE = { width: 8192, height: 4096 }

/** What is drawn: from which picture, which part of it, and where to. */
interface Drawn {
  from: string
  part: number[]
  to: number[]
  smooth: boolean
}

class Tile {
  constructor(readonly name: string) {}
  close(): void {}
}

let answerPreparing: (response: Response) => void
let sent: Map<string, (tile: ImageBitmap) => void>
let picture: TiledPicture
let changes: number

beforeEach(() => {
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answerPreparing = resolve)))
  sent = new Map()
  const store = new TileStore<ImageBitmap>((url) => new Promise((resolve) => void sent.set(url, resolve)), 50)
  const overview = new Image()
  Object.defineProperty(overview, 'naturalWidth', { value: 256 })
  picture = new TiledPicture(SIZE, { base: '/tiles/7', query: '?of=1' }, store, overview, '/larger')
  changes = 0
  picture.onchange = () => changes++
  store.onload = () => picture.onchange()
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Looks at a square of 512 pixels of the screen, at this scale, with this place of the image in its corner. */
function look(scale: number, x: number, y: number): Drawn[] {
  const drawn: Drawn[] = []
  const context = {
    save: () => undefined,
    restore: () => undefined,
    setTransform: () => undefined,
    imageSmoothingEnabled: true,
    drawImage(from: Tile | HTMLImageElement, ...places: number[]) {
      drawn.push({
        from: from instanceof Tile ? from.name : 'overview',
        part: places.slice(0, 4),
        to: places.slice(4),
        smooth: this.imageSmoothingEnabled
      })
    }
  }
  const view = { scale, x: -x * scale, y: -y * scale }
  const box = { x: 0, y: 0, width: 512, height: 512 }
  const sight: Sight = { viewer: 'canvas', view, box, ratio: 1, filter: 'none' }
  picture.draw(context as unknown as CanvasRenderingContext2D, sight)
  return drawn
}

async function prepare(): Promise<void> {
  const prepared = picture.prepare()
  answerPreparing(new Response(null, { status: 204 }))
  await prepared
}

async function send(...tiles: string[]): Promise<void> {
  for (const tile of tiles) sent.get(`/tiles/7/${tile}?of=1`)!(new Tile(tile) as unknown as ImageBitmap)
  await new Promise((resolve) => setTimeout(resolve))
}

describe('a large picture', () => {
  test('is drawn from a small one of the whole until its tiles are made, and asks for none of them', () => {
    expect(look(1, 1024, 512)).toEqual([
      { from: 'overview', part: [32, 16, 16, 16], to: [0, 0, 512, 512], smooth: true }
    ])
    expect(sent.size).toBe(0)
  })

  test('is drawn from coarser tiles until its own are there, then from those with hard pixels', async () => {
    await prepare()
    expect(changes).toBe(1)
    look(1, 1024, 512)
    await send('2/0/0')
    expect(look(1, 1024, 512)).toEqual([
      { from: '2/0/0', part: [256, 128, 128, 128], to: [0, 0, 512, 512], smooth: true }
    ])
    await send('0/2/1')
    expect(changes).toBe(3)
    expect(look(1, 1024, 512)).toEqual([
      { from: '0/2/1', part: [0, 0, 512, 512], to: [0, 0, 512, 512], smooth: false }
    ])
    // From afar another level is in sight, of which one is there already.
    expect(look(0.25, 0, 0)).toEqual([
      { from: '2/0/0', part: [0, 0, 512, 512], to: [0, 0, 512, 512], smooth: true }
    ])
  })

  test('ends on whole pixels of the screen, without gap between tiles', async () => {
    await prepare()
    look(0.73, 300.4, 211.7)
    await send('0/0/0', '0/1/0', '0/0/1', '0/1/1')
    const drawn = look(0.73, 300.4, 211.7)
    expect(drawn.map(({ from }) => from)).toEqual(['0/0/0', '0/1/0', '0/0/1', '0/1/1'])
    const [a, b, c] = drawn.map(({ to }) => to as [number, number, number, number])
    expect(drawn.flatMap(({ to }) => to).every(Number.isInteger)).toBe(true)
    expect(a![0] + a![2]).toBe(b![0])
    expect(a![1] + a![3]).toBe(c![1])
  })

  test('whose tiles could not be made says why, and can be tried again', async () => {
    const failing = picture.prepare()
    answerPreparing(new Response('There is no room.', { status: 500 }))
    await expect(failing).rejects.toThrow('There is no room.')
    await prepare()
    look(1, 0, 0)
    expect(sent.size).toBeGreaterThan(0)
  })
})
