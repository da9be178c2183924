import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { isLarge, PICTURE_TILE } from '#core/picture/pyramid'
import { createPictures } from '#main/api/pictures'
import { createWeb, type Web } from '#main/api/web'
import { addImage } from '#main/exchange/import'
import { fileOf } from '#main/images/encode'
import { loadSharp } from '#main/images/sharp.node'
import { encode, noise } from '../../fixtures/images'
import { temporaryProject } from '../../fixtures/project'
import { temporaryFolder } from '../../fixtures/temporary'

const SIZE = { width: 5120, height: 5000 }
const cache = temporaryFolder()

let web: Web
/** Two pages of 16 bits, of which the second is the negative of the first, and a small image. */
let [first, second, small] = [0, 0, 0]

beforeAll(async () => {
  const { width, height } = SIZE
  const values = new Uint16Array(2 * width * height)
  for (let y = 0; y < height; y++) {
    const row = Uint16Array.from({ length: width }, (_, x) => 1000 + x + (y >> 3))
    values.set(row, y * width)
    values.set(
      row.map((value) => 20_000 - value),
      (y + height) * width
    )
  }
  const raw = { width, height: 2 * height, channels: 1, pageHeight: height } as const
  const options = { compression: 'none', predictor: 'none' } as const
  const bytes = await fileOf(loadSharp()(values, { raw }).toColourspace('grey16').tiff(options))
  const project = await temporaryProject()
  const outcome = await addImage(project, { name: 'slide.tif', bytes })
  if (outcome.status !== 'added') throw new Error(JSON.stringify(outcome))
  ;[first, second] = [outcome.imageId, outcome.others[0]!]
  const other = await addImage(project, { name: 'small.png', bytes: await encode('png', noise(9, 9), 9, 9) })
  if (other.status !== 'added') throw new Error(JSON.stringify(other))
  small = other.imageId
  web = createWeb({
    ...createPictures(() => project, cache),
    verify: () => Promise.resolve(new Response()),
    renderer: cache,
    connectTo: []
  })
}, 60_000)

const ask = (path: string, headers: HeadersInit = {}) =>
  web(new Request(`http://127.0.0.1${path}`, { headers }))

async function grey(answer: Response | Promise<Response>) {
  const response = await answer
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('image/png')
  const picture = loadSharp()(Buffer.from(await response.arrayBuffer()))
  return picture.toColourspace('b-w').extractChannel(0).raw().toBuffer()
}

describe('the tiles of a large image', () => {
  it('show what its picture shows, each page its own', async () => {
    expect(isLarge(SIZE)).toBe(true)
    for (const id of [first, second]) {
      const whole = await grey(ask(`/image/${id}`))
      const tile = await grey(ask(`/tiles/${id}/0/9/9`))
      const [left, top] = [9 * PICTURE_TILE, 9 * PICTURE_TILE]
      const [width, height] = [SIZE.width - left, SIZE.height - top]
      const rows = Array.from({ length: height }, (_, y) => {
        const from = (top + y) * SIZE.width + left
        return whole.subarray(from, from + width)
      })
      expect(tile.equals(Buffer.concat(rows))).toBe(true)
    }
    const [one, negative] = [
      await grey(ask(`/tiles/${first}/4/0/0`)),
      await grey(ask(`/tiles/${second}/4/0/0`))
    ]
    expect(one.length).toBe(320 * 313)
    expect(one[0]!).toBeLessThan(one.at(-1)!)
    expect(negative[0]!).toBeGreaterThan(negative.at(-1)!)
  })

  it('are made once, and sent only where they have changed', async () => {
    expect((await ask(`/tiles/${first}`)).status).toBe(204)
    const made = readdirSync(join(cache, 'tiles')).sort()
    expect(made.length).toBe(2)
    const answer = await ask(`/tiles/${first}/1/2/3`)
    const tag = answer.headers.get('etag')!
    expect((await ask(`/tiles/${first}/1/2/3`, { 'if-none-match': tag })).status).toBe(304)
    expect((await ask(`/tiles/${first}/1/3/2`, { 'if-none-match': tag })).status).toBe(200)
    expect((await ask(`/tiles/${second}/1/2/3`, { 'if-none-match': tag })).status).toBe(200)
    expect(readdirSync(join(cache, 'tiles')).sort()).toEqual(made)
  })

  it('are made again where one is damaged', async () => {
    const whole = await grey(ask(`/tiles/${first}/2/0/0`))
    for (const key of readdirSync(join(cache, 'tiles'))) {
      writeFileSync(join(cache, 'tiles', key, '2-0-0.png'), 'nothing')
    }
    expect((await grey(ask(`/tiles/${first}/2/0/0`))).equals(whole)).toBe(true)
  })

  it('that cannot be are refused in a sentence', async () => {
    for (const path of ['0/10/0', '0/0/10', '5/0/0', '999999/0/0']) {
      const answer = await ask(`/tiles/${first}/${path}`)
      expect(answer.status, path).toBe(404)
      expect(await answer.text()).toMatch(/"slide#1.tif" has no such tile\./)
    }
    for (const path of [
      '0/0',
      '0/0/0/0',
      'a/0/0',
      '0/-1/0',
      '0/1e1/0',
      '0/0/0.5',
      '0//0',
      '0/0/%30',
      '1234567/0/0'
    ]) {
      expect((await ask(`/tiles/${first}/${path}`)).status, path).toBe(400)
    }
    for (const path of [`/tiles/${small}`, `/tiles/${small}/0/0/0`]) {
      const answer = await ask(path)
      expect(answer.status).toBe(404)
      expect(await answer.text()).toMatch(/"small.png" is not large/)
    }
    expect((await ask('/tiles/99')).status).toBe(404)
    expect((await ask('/tiles/x')).status).toBe(404)
    expect((await web(new Request('http://127.0.0.1/tiles/1', { method: 'POST' }))).status).toBe(405)
  })
})
