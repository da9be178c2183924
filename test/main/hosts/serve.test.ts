import { mkdirSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createProject } from '#main/store/open'
import { startServing, type Serving } from '#main/serve'
import { requireBuilt } from '../../fixtures/built'
import { addDisc } from '../../fixtures/discs'
import { temporaryFolder } from '../../fixtures/temporary'
import { connectWindow, cookieOf } from '../../fixtures/window'

requireBuilt()
const home = temporaryFolder()
process.env['JACCARD_HOME'] = home

let serving: Serving
let host: string
let cookie: string

beforeAll(async () => {
  const project = await createProject(join(home, 'discs.jaccard'))
  await addDisc(project, 1, { size: 300 })
  project.close()
  serving = await startServing({ file: project.path, port: 0 })
  host = new URL(serving.address).host
  cookie = await cookieOf(serving.address)
})

afterAll(() => serving?.close())

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A request with exactly these headers and this path, which `fetch` would not send. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(serving.address)
    const outgoing = request({ hostname, port, path, method, headers, agent: false }, async (incoming) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
      resolve({ status: incoming.statusCode!, headers: incoming.headers, body: Buffer.concat(chunks) })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** What becomes of an attempt to open a socket: `open`, or the status of the refusal. */
function upgrade(path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(serving.address)
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.on('open', () => {
      socket.close()
      resolve('open')
    })
    socket.on('unexpected-response', (outgoing, incoming) => {
      outgoing.destroy()
      resolve(String(incoming.statusCode))
    })
    socket.on('error', () => undefined)
  })
}

describe('the serving host lets in', () => {
  it('whoever brings the token, and takes it out of the address', async () => {
    const { pathname, search } = new URL(serving.address)
    const { status, headers } = await ask(pathname + search)
    expect(status).toBe(303)
    expect(headers.location).toBe('/')
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/; Path=\/; HttpOnly; SameSite=Strict$/)])
    expect(headers['referrer-policy']).toBe('no-referrer')
  })

  it('whoever has the cookie, under both names of this machine', async () => {
    const page = await ask('/', { cookie })
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://${host}`)
    expect(page.body.toString()).toContain('<div id="app">')
    const port = host.split(':')[1]
    expect((await ask('/', { cookie, host: `localhost:${port}` })).status).toBe(200)
    expect(await upgrade('/rpc', { cookie, origin: `http://${host}` })).toBe('open')
  })
})

describe('the serving host turns away', () => {
  it('requests without the token, with a wrong one, or with another host’s', async () => {
    for (const path of ['/', '/image/1', '/assets/index.js', '/verify/x/', '/?token=wrong', '/?token=']) {
      const { status, body } = await ask(path)
      expect(status, path).toBe(401)
      expect(body.toString()).toMatch(/^Open the address that Jaccard printed/)
    }
    const [name, value] = cookie.split('=') as [string, string]
    expect((await ask('/', { cookie: `${name}=${value.slice(1)}` })).status).toBe(401)
    expect((await ask('/', { cookie: `${name}=` })).status).toBe(401)
    const other = await startServing({ file: null, port: 0 })
    const { search } = new URL(other.address)
    await other.close()
    expect((await ask(`/${search}`)).status).toBe(401)
  })

  it('a token outside of the first address', async () => {
    const { search } = new URL(serving.address)
    expect((await ask(`/image/1${search}`)).status).toBe(401)
    expect((await ask(`/${search}`, { origin: `http://${host}` }, 'POST')).status).toBe(401)
    expect(await upgrade(`/rpc${search}`, { origin: `http://${host}` })).toBe('401')
  })

  it('names that were made to resolve to this machine', async () => {
    const port = host.split(':')[1]
    for (const name of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      'localhost',
      `127.0.0.1.evil.example:${port}`
    ]) {
      expect((await ask('/', { cookie, host: name })).status, name).toBe(421)
    }
    expect(
      await upgrade('/rpc', { cookie, host: `evil.example:${port}`, origin: `http://evil.example:${port}` })
    ).toBe('421')
  })

  it('other origins, on everything that changes something and on sockets', async () => {
    for (const origin of ['http://evil.example', 'null', `https://${host}`, 'http://127.0.0.1:1']) {
      expect((await ask('/verify/x/outcome', { cookie, origin }, 'POST')).status, origin).toBe(403)
      expect((await ask('/', { cookie, origin })).status, origin).toBe(403)
      expect(await upgrade('/rpc', { cookie, origin }), origin).toBe('403')
    }
    expect((await ask('/verify/x/outcome', { cookie }, 'POST')).status).toBe(403)
    expect(await upgrade('/rpc', { cookie })).toBe('403')
  })

  it('sockets without the cookie, and at other addresses', async () => {
    expect(await upgrade('/rpc', { origin: `http://${host}` })).toBe('401')
    expect(await upgrade('/other', { cookie, origin: `http://${host}` })).toBe('404')
  })

  it('addresses that would leave the window’s folder', async () => {
    const paths = [
      '/../../package.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/..%5c..%5c..%5cpackage.json',
      '/index.html%00.png',
      '/%',
      '//etc/passwd',
      '/.',
      'http://evil.example/package.json'
    ]
    for (const path of paths) {
      const { status, body } = await ask(path, { cookie })
      expect(body.toString(), path).not.toContain('"name": "jaccard"')
      expect([200, 404], path).toContain(status)
      if (status === 200) expect(body.toString(), path).toContain('<div id="app">')
    }
  })

  it('everything but reading, except where a check of a model sends its results', async () => {
    expect((await ask('/', { cookie, origin: `http://${host}` }, 'POST')).status).toBe(405)
    expect((await ask('/image/1', { cookie, origin: `http://${host}` }, 'DELETE')).status).toBe(405)
    expect((await ask('/verify/x/', { cookie })).status).toBe(404)
  })

  it('other machines', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)
    expect(new URL(serving.address).hostname).toBe('127.0.0.1')
    if (!outside) return
    const port = Number(host.split(':')[1])
    const refused = new Promise((resolve) => {
      request({ host: outside.address, port }).on('error', resolve).on('response', resolve).end()
    })
    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('pictures', () => {
  it('are sent once, and again only when they have changed', async () => {
    const full = await ask('/image/1', { cookie })
    expect(full.status).toBe(200)
    expect(full.headers['content-type']).toBe('image/png')
    const again = await ask('/image/1', { cookie, 'if-none-match': full.headers.etag! })
    expect(again.status).toBe(304)
    expect(again.body.length).toBe(0)
    const small = await ask('/thumbnail/1?edge=64', { cookie })
    expect(small.headers['content-type']).toBe('image/webp')
    expect(small.body.length).toBeLessThan(full.body.length)
    expect(small.headers.etag).not.toBe(full.headers.etag)
  })

  it('that do not exist, or of impossible sizes, are one sentence', async () => {
    const missing = await ask('/image/99', { cookie })
    expect(missing.status).toBe(404)
    expect(missing.body.toString()).toMatch(/no image 99/)
    for (const edge of ['0', '-1', '1e9', 'x', '20.5']) {
      expect((await ask(`/thumbnail/1?edge=${edge}`, { cookie })).status, edge).toBe(400)
    }
  })
})

describe('a serving host', () => {
  it('says so in a sentence when its port is taken', async () => {
    const port = Number(host.split(':')[1])
    await expect(startServing({ file: null, port })).rejects.toThrow(
      `Port ${port} is used by another program; choose another one with --port.`
    )
  })

  it('takes a free port when the usual one is taken', async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) =>
      blocker.on('error', () => resolve()).listen(4180, '127.0.0.1', resolve)
    )
    const other = await startServing({ file: null, port: null })
    expect(new URL(other.address).port).not.toBe('4180')
    await other.close()
    blocker.close()
  })

  it('remembers what was opened, and starts anew from a damaged memory', async () => {
    const { api, close } = await connectWindow(serving.address)
    await api.project.create.mutate({ path: join(home, 'one') })
    await api.project.open.mutate({ path: join(home, 'discs.jaccard') })
    const names = async () => (await api.project.recent.query()).map(({ name }) => name)
    expect(await names()).toEqual(['discs', 'one'])
    mkdirSync(join(home, 'state'), { recursive: true })
    writeFileSync(join(home, 'state', 'recent.json'), '{"projects": [{"path": 3')
    expect(await names()).toEqual([])
    await api.project.create.mutate({ path: join(home, 'two') })
    expect(await names()).toEqual(['two'])
    await api.project.open.mutate({ path: join(home, 'discs.jaccard') })
    await close()
  })
})
