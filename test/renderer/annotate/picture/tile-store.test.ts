// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { TileStore } from '../../../../src-renderer/annotate/picture/tile-store'

interface Tile {
  url: string
  isClosed: boolean
  close(): void
}

/** A host in the test's hands. */
class Host {
  readonly asked: string[] = []
  readonly aborted: string[] = []
  readonly sent: Tile[] = []
  #open = new Map<string, { send: (tile: Tile) => void; fail: () => void }>()

  load = (url: string, signal: AbortSignal): Promise<Tile> => {
    this.asked.push(url)
    return new Promise((resolve, reject) => {
      this.#open.set(url, { send: resolve, fail: () => reject(new Error('gone')) })
      signal.addEventListener('abort', () => {
        this.aborted.push(url)
        reject(signal.reason as Error)
      })
    })
  }

  async send(...urls: string[]): Promise<void> {
    for (const url of urls) {
      const tile = { url, isClosed: false, close: () => void (tile.isClosed = true) }
      this.sent.push(tile)
      this.#open.get(url)!.send(tile)
    }
    await settled()
  }

  async fail(url: string): Promise<void> {
    this.#open.get(url)!.fail()
    await settled()
  }

  get closed() {
    return this.sent.filter(({ isClosed }) => isClosed).map(({ url }) => url)
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve()
}

const names = (letters: string) => [...letters]

let host: Host
let store: TileStore<Tile>

beforeEach(() => {
  vi.useFakeTimers()
  host = new Host()
  store = new TileStore(host.load, 4)
})

afterEach(() => {
  vi.useRealTimers()
})

describe('tiles', () => {
  test('are loaded in the order of their urgency, some at a time', async () => {
    let changes = 0
    store.onload = () => changes++
    store.want('canvas', names('abcdefgh'))
    expect(host.asked).toEqual(names('abcdef'))
    await host.send('c')
    expect(host.asked).toEqual(names('abcdefg'))
    expect(store.get('c')?.url).toBe('c')
    expect(store.get('a')).toBeUndefined()
    expect(changes).toBe(1)
  })

  test('that are no longer wanted are not waited for, and what comes late is thrown away', async () => {
    store.want('canvas', names('abcdefgh'))
    store.want('canvas', names('gha'))
    expect(host.aborted).toEqual(names('bcdef'))
    expect(host.asked).toEqual(names('abcdefgh'))
    await host.send('g', 'h', 'a')
    expect([...'abgh'].map((url) => store.get(url)?.url)).toEqual(['a', undefined, 'g', 'h'])
    store.want('canvas', ['b'])
    expect(host.asked).toEqual(names('abcdefghb'))
  })

  test('are wanted by each viewer, until it leaves', async () => {
    store.want('canvas', ['a'])
    store.want('loupe', ['b'])
    expect(host.aborted).toEqual([])
    store.want('loupe', [])
    expect(host.aborted).toEqual(['b'])
    await host.send('a')
    expect(store.get('a')).toBeDefined()
  })

  test('are kept, the ones used last, and never loaded twice', async () => {
    store.want('canvas', names('abcd'))
    await host.send(...names('abcd'))
    store.want('canvas', names('e'))
    store.get('a')
    await host.send('e')
    store.want('canvas', names('e'))
    expect(host.closed).toEqual(['b'])
    store.want('canvas', names('acde'))
    expect(host.asked).toEqual(names('abcde'))
    store.want('canvas', names('b'))
    expect(host.asked).toEqual(names('abcdeb'))
  })

  test('in sight stay, even if they are more than are kept', async () => {
    store.want('canvas', names('abcdef'))
    await host.send(...names('abcdef'))
    store.want('canvas', names('abcdef'))
    expect(host.closed).toEqual([])
    store.want('canvas', names('f'))
    expect(host.closed).toEqual(['a', 'b'])
  })

  test('that fail are tried again after a while, not at once, and only if they are still wanted', async () => {
    store.want('canvas', names('ab'))
    await host.fail('a')
    store.want('canvas', names('ab'))
    expect(host.asked).toEqual(names('ab'))
    vi.advanceTimersByTime(3000)
    expect(host.asked).toEqual(names('aba'))
    await host.fail('a')
    store.want('canvas', names('b'))
    vi.advanceTimersByTime(3000)
    expect(host.asked).toEqual(names('aba'))
  })
})
