import { describe, expect, it } from 'vitest'
import { JaccardError } from '#core/errors'
import { browserName, createSession, type Subject } from '#main/exchange/verify/session'

const SIZE = 2
const image = (name: string, label: number[]) => ({
  name,
  width: SIZE,
  height: SIZE,
  label: Uint8Array.from(label),
  encode: async () => ({ bytes: new Uint8Array([1, 2, 3]), type: 'image/png' })
})

function subject(given: Partial<Subject> = {}): Subject {
  return {
    images: [image('a.png', [1, 1, 0, 0]), image('b.png', [0, 0, 0, 1])],
    predictions: Promise.resolve([Float32Array.of(0.9, 0.8, 0.1, 0.2), Float32Array.of(0, 0, 0, 1)]),
    threshold: 0.5,
    quantization: 'none',
    files: new Map([['verify.html', new Uint8Array(Buffer.from('<p>page</p>'))]]),
    ...given
  }
}

/** What the page would do, with these probabilities. */
async function play(session: ReturnType<typeof createSession>, bundle: number[][], end: object) {
  const send = (address: string, body: BodyInit) =>
    session.handle(
      new Request(`http://host${session.page}${address}`, {
        method: 'POST',
        body,
        headers: { 'user-agent': 'Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36' }
      })
    )
  for (const [i, p] of bundle.entries()) await send(`images/${i}`, Float32Array.from(p))
  await send('outcome', JSON.stringify(end))
}
const done = { status: 'done', backend: 'webgl' }

describe('a check of an exported model', () => {
  it('passes where both predict the same', async () => {
    const session = createSession(subject())
    await play(
      session,
      [
        [0.9, 0.8, 0.1, 0.2],
        [0, 0, 0, 1]
      ],
      done
    )
    expect(await session.result).toEqual({
      images: 2,
      maxProbabilityDifference: 0,
      maxIoUDifference: 0,
      tolerance: 1e-4,
      passed: true,
      computedBy: 'Chromium 156, tfjs webgl'
    })
  })

  it('fails where one pixel of one image differs by more than the tolerance, and says by how much', async () => {
    const session = createSession(subject())
    // The second pixel of the first image falls below the threshold: 1 of 2 foreground pixels is found.
    await play(
      session,
      [
        [0.9, 0.4, 0.1, 0.2],
        [0, 0, 0, 1]
      ],
      done
    )
    const report = await session.result
    expect(report).toMatchObject({ passed: false, maxIoUDifference: 0.5 })
    expect(report.maxProbabilityDifference).toBeCloseTo(0.4, 6)
  })

  it('allows weights of fewer bits more, but not anything', async () => {
    for (const [p, passed] of [
      [0.79, true],
      [0.7, false]
    ] as const) {
      const session = createSession(subject({ quantization: 'float16' }))
      await play(
        session,
        [
          [0.9, p, 0.1, 0.2],
          [0, 0, 0, 1]
        ],
        done
      )
      expect(await session.result).toMatchObject({ passed, maxIoUDifference: 0 })
    }
  })

  it('leaves unknown pixels out of the IoU', async () => {
    const images = [image('a.png', [1, 2, 0, 0]), image('b.png', [0, 0, 0, 1])]
    const session = createSession(subject({ images }))
    await play(
      session,
      [
        [0.9, 0.4, 0.1, 0.2],
        [0, 0, 0, 1]
      ],
      done
    )
    expect(await session.result).toMatchObject({ passed: false, maxIoUDifference: 0 })
  })

  it('refuses values that are no probabilities', async () => {
    const session = createSession(subject())
    await play(
      session,
      [
        [0.9, NaN, 0.1, 0.2],
        [0, 0, 0, 1]
      ],
      done
    )
    await expect(session.result).rejects.toMatchObject({
      message: expect.stringMatching(/a\.png.*no probability/)
    })
  })

  it('refuses an output of another size', async () => {
    const session = createSession(subject())
    await play(session, [[0.9], [0, 0, 0, 1]], done)
    await expect(session.result).rejects.toMatchObject({ message: expect.stringContaining('2 × 2') })
  })

  it('does not pass while an image is missing', async () => {
    const session = createSession(subject())
    await play(session, [[0.9, 0.8, 0.1, 0.2]], done)
    await expect(session.result).rejects.toMatchObject({ message: expect.stringContaining('b.png') })
  })

  it('hands on what failed in the browser, and in the app', async () => {
    const inBrowser = createSession(subject())
    await play(inBrowser, [], { status: 'failed', message: 'Error: no such layer' })
    await expect(inBrowser.result).rejects.toMatchObject({
      message: expect.stringContaining('no such layer')
    })
    const inApp = createSession(subject({ predictions: Promise.reject(new Error('the trainer died')) }))
    await expect(inApp.result).rejects.toThrow('the trainer died')
  })

  it('can be cancelled', async () => {
    const session = createSession(subject())
    session.cancel(new JaccardError('cancelled', 'The check was cancelled.'))
    await expect(session.result).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('serves its own files below its own address and nothing else', async () => {
    const session = createSession(subject())
    const get = (path: string) => session.handle(new Request(`http://host${path}`))
    expect(session.page).toMatch(/^\/verify\/[0-9a-f-]{36}\/$/)
    const page = await get(session.page)
    expect(await page.text()).toBe('<p>page</p>')
    expect(page.headers.get('content-type')).toBe('text/html')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(await (await get(`${session.page}job.json`)).json()).toEqual({
      images: [{ address: 'images/0' }, { address: 'images/1' }]
    })
    expect((await get(`${session.page}images/0`)).headers.get('content-type')).toBe('image/png')
    for (const path of ['images/2', 'images/-1', 'bundle/model.json', '../../package.json']) {
      expect((await get(`${session.page}${path}`)).status).toBe(404)
    }
    expect((await get('/verify/another/')).status).toBe(404)
  })
})

describe('the name of a browser', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36',
      'Chromium 156'
    ],
    [
      'Mozilla/5.0 AppleWebKit/537.36 jaccard/0.1.0 Chrome/144.0.0.0 Electron/45.4.1 Safari/537.36',
      'Electron 45'
    ],
    ['Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge 140'],
    ['Mozilla/5.0 (X11; rv:141.0) Gecko/20100101 Firefox/141.0', 'Firefox 141'],
    ['Mozilla/5.0 AppleWebKit/605.1.15 Version/19.1 Safari/605.1.15', 'Safari 19'],
    ['curl/8', 'A browser']
  ])('of %s is %s', (userAgent, name) => {
    expect(browserName(userAgent)).toBe(name)
  })
})
