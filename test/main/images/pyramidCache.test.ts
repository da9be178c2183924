import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { tileFileName } from '#main/images/pyramid'
import { createPyramidCache } from '#main/images/pyramidCache'
import { temporaryFolder } from '../../fixtures/temporary'

const TILE = { level: 0, column: 0, row: 0 }
const OTHER = { level: 0, column: 1, row: 0 }

/** Writes two files and counts how often. */
function writer(content: string) {
  const counted = {
    times: 0,
    write: (folder: string) => {
      counted.times++
      const sums: Record<string, number> = {}
      for (const tile of [TILE, OTHER]) {
        const bytes = Buffer.from(content + tile.column)
        writeFileSync(join(folder, tileFileName(tile)), bytes)
        sums[tileFileName(tile)] = crc32(bytes)
      }
      return Promise.resolve({ sums, bytes: 100 })
    }
  }
  return counted
}

const text = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString()

describe('the cache of tiles', () => {
  it('makes an image’s tiles once, for later programs too', async () => {
    const folder = join(temporaryFolder(), 'not', 'there', 'yet')
    const a = writer('a')
    const cache = createPyramidCache(folder)
    expect(await cache.read('a', TILE)).toBeNull()
    await Promise.all([cache.prepare('a', a.write), cache.prepare('a', a.write)])
    await cache.prepare('a', a.write)
    expect(text(await cache.read('a', TILE))).toBe('a0')
    const later = createPyramidCache(folder)
    await later.prepare('a', a.write)
    expect(text(await later.read('a', OTHER))).toBe('a1')
    expect(a.times).toBe(1)
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('never shows one image for another', async () => {
    const cache = createPyramidCache(temporaryFolder())
    await cache.prepare('a', writer('a').write)
    await cache.prepare('b', writer('b').write)
    expect(text(await cache.read('a', TILE))).toBe('a0')
    expect(text(await cache.read('b', TILE))).toBe('b0')
    expect(await cache.read('c', TILE)).toBeNull()
  })

  it.each([
    ['cut short', (folder: string) => writeFileSync(join(folder, 'a', tileFileName(TILE)), 'a')],
    ['changed', (folder: string) => writeFileSync(join(folder, 'a', tileFileName(TILE)), 'b0')],
    ['missing', (folder: string) => rmSync(join(folder, 'a', tileFileName(TILE)))],
    ['without its list', (folder: string) => rmSync(join(folder, 'a', 'tiles.json'))],
    ['with half a list', (folder: string) => writeFileSync(join(folder, 'a', 'tiles.json'), '{"sums":{')],
    ['gone altogether', (folder: string) => rmSync(join(folder, 'a'), { recursive: true })]
  ])('makes anew what is %s', async (_, spoil) => {
    const folder = temporaryFolder()
    const a = writer('a')
    await createPyramidCache(folder).prepare('a', a.write)
    spoil(folder)
    const cache = createPyramidCache(folder)
    expect(await cache.read('a', TILE)).toBeNull()
    await cache.prepare('a', a.write)
    expect(text(await cache.read('a', TILE))).toBe('a0')
    expect(text(await cache.read('a', OTHER))).toBe('a1')
    expect(a.times).toBe(2)
  })

  it('takes nothing for whole that was left half-written, and leaves nothing behind when writing fails', async () => {
    const folder = temporaryFolder()
    const a = writer('a')
    const cache = createPyramidCache(folder)
    const failing = (own: string) => {
      writeFileSync(join(own, tileFileName(TILE)), 'a0')
      return Promise.reject(new Error('the plug was pulled'))
    }
    await expect(cache.prepare('a', failing)).rejects.toThrow('the plug was pulled')
    expect(readdirSync(folder)).toEqual([])
    expect(await cache.read('a', TILE)).toBeNull()
    // A process that was killed could not tidy up.
    const [old, young] = ['unfinished-old', 'unfinished-young']
    for (const name of [old, young]) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, tileFileName(TILE)), 'a0')
    }
    utimesSync(join(folder, old), new Date(0), new Date(0))
    await cache.prepare('a', a.write)
    expect(readdirSync(folder).sort()).toEqual(['a', young])
  })

  it('lets those go that were not shown for longest', async () => {
    const folder = temporaryFolder()
    const cache = createPyramidCache(folder, 250)
    const keys = ['a', 'b', 'c']
    const writers = keys.map(writer)
    const shown = (key: string, hour: number) => {
      const time = new Date(Date.now() - (24 - hour) * 3600e3)
      utimesSync(join(folder, key, 'tiles.json'), time, time)
    }
    await cache.prepare('a', writers[0]!.write)
    await cache.prepare('b', writers[1]!.write)
    shown('a', 1)
    shown('b', 2)
    await cache.prepare('a', writers[0]!.write)
    await cache.prepare('c', writers[2]!.write)
    expect(readdirSync(folder).sort()).toEqual(['a', 'c'])
    expect(await cache.read('b', TILE)).toBeNull()
    expect(text(await cache.read('a', TILE))).toBe('a0')
    expect(writers.map(({ times }) => times)).toEqual([1, 1, 1])
  })

  it('keeps an image that alone is larger than all it may keep, until the next', async () => {
    const folder = temporaryFolder()
    const cache = createPyramidCache(folder, 50)
    await cache.prepare('a', writer('a').write)
    expect(text(await cache.read('a', TILE))).toBe('a0')
    await cache.prepare('b', writer('b').write)
    expect(readdirSync(folder)).toEqual(['b'])
  })

  it('says in a sentence that there is no room, or no folder to write to', async () => {
    const parent = temporaryFolder()
    const full = createPyramidCache(join(parent, 'full'))
    const failWith = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }))
    await expect(full.prepare('a', failWith('ENOSPC'))).rejects.toThrow(
      /^There is no room in ".*full" to show/
    )
    await expect(full.prepare('a', failWith('EACCES'))).rejects.toThrow(/^".*full" cannot be written/)
    expect(existsSync(join(parent, 'full', 'a'))).toBe(false)
    expect(() => readFileSync(join(parent, 'full', 'a', 'tiles.json'))).toThrow()
  })
})
