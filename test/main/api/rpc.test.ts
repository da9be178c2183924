import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterAll, describe, expect, it } from 'vitest'
import type { ProjectChange } from '#core/api/values'
import { encodeTile } from '#core/mask/codec'
import { TILE_PIXELS } from '#core/mask/tiles'
import { createHost, type Host } from '#main/api/host'
import { createRpc, type Port } from '#main/api/rpc'
import { startServing } from '#main/serve'
import { forkTrainer } from '#main/training/fork.node'
import { encode } from '../../fixtures/images'
import { temporaryFolder } from '../../fixtures/temporary'
import { clientOver, connectWindow, type WindowClient } from '../../fixtures/window'

const home = temporaryFolder()
process.env['JACCARD_HOME'] = home

const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.reverse()) await end()
})

/** Hosts by transport; each returns a way to open further windows. */
const transports: Record<string, () => Promise<() => Promise<WindowClient>>> = {
  'a WebSocket': async () => {
    const serving = await startServing({ file: null, port: 0 })
    ends.push(serving.close)
    return () => connectWindow(serving.address)
  },
  'a message port': async () => {
    const host: Host = createHost({
      kind: 'electron',
      places: { projects: join(home, 'projects'), state: join(home, 'state'), cache: join(home, 'cache') },
      startTrainer: forkTrainer
    })
    const rpc = createRpc(host.services)
    ends.push(host.close, rpc.close)
    return async () =>
      clientOver(
        'ws://app/rpc',
        socketOver(() => connectPort(rpc.connect))
      )
  }
}

/** Hands one end of a channel to the main side, in the shape of Electron's ports. */
function connectPort(connect: (port: Port) => void): MessagePort {
  const { port1, port2 } = new MessageChannel()
  connect({
    on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
      event === 'message' ? port1.on('message', (data) => listener({ data })) : port1.on('close', listener),
    postMessage: (message) => port1.postMessage(message),
    start: () => port1.start(),
    close: () => port1.close()
  })
  return port2
}

/** The window's end of a channel in the shape of a WebSocket. */
function socketOver(open: () => MessagePort) {
  return class extends EventTarget {
    static readonly OPEN = 1
    readyState = 0
    readonly #port = open()

    constructor() {
      super()
      this.#port.on('message', (data) => this.dispatchEvent(new MessageEvent('message', { data })))
      this.#port.on('close', () => {
        this.readyState = 3
        this.dispatchEvent(new Event('close'))
      })
      setTimeout(() => {
        this.readyState = 1
        this.dispatchEvent(new Event('open'))
      })
    }

    send(message: string | Uint8Array) {
      this.#port.postMessage(message)
    }

    close() {
      this.#port.close()
    }
  }
}

/** Everything that a window hears of changes, and a way to wait for the next thing of a kind. */
async function listen({ api }: WindowClient) {
  const heard: ProjectChange[] = []
  let wake = () => {}
  await new Promise<void>((resolve, reject) => {
    api.project.changes.subscribe(undefined, {
      onStarted: () => resolve(),
      onError: reject,
      onData: (change) => {
        heard.push(change)
        wake()
      }
    })
  })
  return {
    heard,
    until: async (kind: ProjectChange['kind']) => {
      while (!heard.some((change) => change.kind === kind))
        await new Promise<void>((resolve) => (wake = resolve))
      return heard.find((change) => change.kind === kind)!
    }
  }
}

describe.each(Object.entries(transports))('a window over %s', (name, startHost) => {
  const file = join(home, `${name.replaceAll(' ', '-')}.jaccard`)
  const tile = (value: 0 | 1) => encodeTile(new Uint8Array(TILE_PIXELS).fill(value))
  let first: WindowClient
  let second: WindowClient
  let imageId: number

  it('makes a project, which every other window hears of', async () => {
    const open = await startHost()
    ;[first, second] = [await open(), await open()]
    ends.push(first.close, second.close)
    const changes = await listen(second)
    expect(await first.api.project.current.query()).toBe(null)
    const created = await first.api.project.create.mutate({ path: file })
    expect(created.path).toBe(file)
    await changes.until('project')
    expect(await second.api.project.current.query()).toEqual(created)
  })

  it('sends an image and a stroke as bytes, and gets back what is stored', async () => {
    const changes = await listen(second)
    const bytes = await encode('png', new Uint8Array(300 * 200 * 3).fill(90), 300, 200)
    const added = await first.api.images.add.mutate({ name: 'grey.png', bytes })
    if (added.status !== 'added') throw new Error(`Not added: ${JSON.stringify(added)}`)
    imageId = added.imageId
    await changes.until('images')
    const [image] = await second.api.images.list.query()
    expect(image).toMatchObject({
      id: imageId,
      name: 'grey.png',
      width: 300,
      height: 200,
      state: 'untouched'
    })

    const corner = new Uint8Array(TILE_PIXELS)
    corner[0] = 1
    const stroke = { imageId, revision: 0, tool: 'brush', tiles: [{ index: 0, data: encodeTile(corner) }] }
    const change = await first.api.masks.commit.mutate(stroke)
    expect(change).toMatchObject({ revision: 1, canUndo: true, image: { state: 'in-progress' } })
    expect(await changes.until('mask')).toEqual({ kind: 'mask', imageId, revision: 1 })
    const mask = await second.api.masks.read.query({ imageId })
    expect(mask.tiles[0]!.data).toEqual(stroke.tiles[0]!.data)
  })

  it('is told when another window was faster', async () => {
    const stroke = { imageId, revision: 1, tool: 'brush', tiles: [{ index: 1, data: null }] }
    await first.api.masks.undo.mutate({ imageId })
    await expect(second.api.masks.commit.mutate(stroke)).rejects.toMatchObject({
      message: expect.stringContaining('was changed elsewhere'),
      data: { reason: 'conflict' }
    })
  })

  it('gets one sentence for a request that makes no sense, and no trace of the program', async () => {
    const wrong = { imageId: -1, revision: 0, tool: '', tiles: [] }
    const error = await first.api.masks.commit.mutate(wrong).catch((error: unknown) => error)
    expect(error).toMatchObject({ message: 'The window sent a request that the app does not know.' })
    expect(JSON.stringify(error)).not.toContain('node_modules')
    const damaged = { imageId, revision: 2, tool: 'brush', tiles: [{ index: 0, data: Uint8Array.of(255) }] }
    await expect(first.api.masks.commit.mutate(damaged)).rejects.toMatchObject({
      data: { reason: 'bad-input' }
    })
    const outside = { imageId, revision: 2, tool: 'brush', tiles: [{ index: 99, data: tile(1) }] }
    await expect(first.api.masks.commit.mutate(outside)).rejects.toMatchObject({
      data: { reason: 'bad-input' }
    })
  })

  it('draws splits as images are completed, and chooses them', async () => {
    const bytes = await encode('png', new Uint8Array(40 * 40 * 3).fill(9), 40, 40)
    const other = await first.api.images.add.mutate({ name: 'dark.png', bytes })
    if (other.status !== 'added') throw new Error('Not added.')
    const ids = [imageId, other.imageId]
    const complete = await first.api.images.setState.mutate({ ids, state: 'confirmed-empty' })
    expect(complete.map(({ split }) => split).sort()).toEqual(['train', 'validation'])
    const [moved] = await first.api.images.setSplit.mutate({ ids: [imageId], split: 'test' })
    expect(moved).toMatchObject({ split: 'test', splitOwnChoice: true })
    const [drawn] = await first.api.images.setSplit.mutate({ ids: [imageId], split: null })
    expect(drawn!.splitOwnChoice).toBe(false)
    expect(drawn!.split).not.toBe(null)
  })

  it('lists folders and projects, and nothing else', async () => {
    const { path, parent, entries } = await first.api.files.list.query({ path: home })
    expect(path).toBe(home)
    expect(parent).not.toBe(null)
    expect(entries).toContainEqual({
      name: `${name.replaceAll(' ', '-')}.jaccard`,
      path: file,
      kind: 'project'
    })
    expect(entries.some((entry) => entry.name.endsWith('-wal'))).toBe(false)
    await expect(first.api.files.list.query({ path: join(home, 'nowhere') })).rejects.toMatchObject({
      data: { reason: 'not-found' }
    })
  })

  it('keeps its project when another one cannot be opened', async () => {
    await expect(first.api.project.open.mutate({ path: join(home, 'no.jaccard') })).rejects.toMatchObject({
      data: { reason: 'not-found' }
    })
    expect((await first.api.project.current.query())!.path).toBe(file)
  })

  it('closes the project; then there is nothing to work on', async () => {
    const changes = await listen(second)
    await first.api.project.close.mutate()
    await changes.until('project')
    await expect(second.api.images.list.query()).rejects.toMatchObject({
      message: 'No project is open; open one or make a new one first.',
      data: { reason: 'not-found' }
    })
  })
})
