// @vitest-environment node
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { ImageSummary, ProjectChange, ProjectSummary } from '#core/api/values'

/** What the window's connection carries, driven by the tests in place of a host. */
const host = vi.hoisted(() => ({
  project: null as ProjectSummary | null,
  images: [] as ImageSummary[],
  lists: 0,
  /** The ids that were asked for last; null for all. */
  asked: null as number[] | null,
  fault: null as Error | null,
  connect: (_connected: boolean) => {},
  change: (_change: ProjectChange) => {}
}))

vi.mock('../../../src-renderer/shared/api', () => ({
  onConnection: (listener: typeof host.connect) => {
    host.connect = listener
    return () => {}
  },
  api: {
    host: { query: async () => ({ version: '1', host: 'serve', platform: 'linux', projectsFolder: '/p' }) },
    project: {
      current: { query: async () => host.project },
      close: { mutate: async () => (host.project = null) },
      changes: {
        subscribe: (_input: undefined, { onData }: { onData: typeof host.change }) => {
          host.change = onData
          return { unsubscribe: () => {} }
        }
      }
    },
    images: {
      list: {
        query: async (wanted?: { ids: number[] }) => {
          host.lists++
          if (host.fault) throw host.fault
          host.asked = wanted?.ids ?? null
          return host.images.filter(({ id }) => !wanted || wanted.ids.includes(id))
        }
      }
    },
    runs: { list: { query: async () => [] } },
    races: { list: { query: async () => [] } }
  }
}))

const project = (path: string) => ({ path, name: path, readOnly: false }) as ProjectSummary
const image = (id: number, share = 0) => ({ id, name: `${id}.png`, foregroundShare: share }) as ImageSummary

async function connected() {
  vi.resetModules()
  const { session } = await import('../../../src-renderer/shared/session.svelte')
  const { toasts } = await import('../../../src-renderer/shared/toasts.svelte')
  session.start()
  host.connect(true)
  await expect.poll(() => session.ready).toBe(true)
  return { session, sentences: () => toasts.items.map(({ message }) => message) }
}

beforeEach(() => {
  Object.assign(host, { project: project('a'), images: [image(1), image(2)], lists: 0, fault: null })
})

describe('the open project', () => {
  test('is there after the connection, on its first image', async () => {
    const { session } = await connected()
    expect(session.project?.path).toBe('a')
    expect(session.image?.name).toBe('1.png')
  })

  test('none open is known, not guessed', async () => {
    host.project = null
    const { session } = await connected()
    expect(session.project).toBeNull()
    expect(session.images).toEqual([])
    expect(session.readOnly).toBe(true)
  })

  test('images that come in appear, and the person stays where they are', async () => {
    const { session } = await connected()
    session.imageId = 2
    host.images = [image(1), image(2), image(3)]
    host.change({ kind: 'images', ids: [3] })
    await expect.poll(() => session.images.length).toBe(3)
    expect(session.image?.id).toBe(2)
  })

  test('one image that changed is read alone, and one that was deleted leaves the list', async () => {
    const { session } = await connected()
    host.images = [image(1), image(2, 0.75)]
    host.change({ kind: 'mask', imageId: 2, revision: 1 })
    await expect.poll(() => session.images[1]?.foregroundShare).toBe(0.75)
    expect(host.asked).toEqual([2])
    host.images = [image(2, 0.75)]
    host.change({ kind: 'images', ids: [1] })
    await expect.poll(() => session.images.map(({ id }) => id)).toEqual([2])
    expect(session.image?.id).toBe(2)
    host.images = [image(1), image(2, 0.75)]
    host.change({ kind: 'images', ids: [1] })
    await expect.poll(() => session.images.map(({ id }) => id)).toEqual([1, 2])
    expect(session.image?.id).toBe(2)
  })

  test('a flood of changes is no flood of requests', async () => {
    const { session } = await connected()
    const before = host.lists
    for (let i = 0; i < 500; i++) host.change({ kind: 'images', ids: [1] })
    host.images = [image(1, 0.5)]
    await expect.poll(() => session.images[0]?.foregroundShare).toBe(0.5)
    expect(host.lists - before).toBeLessThanOrEqual(2)
  })

  test('another project has other pictures at the same numbers', async () => {
    const { session } = await connected()
    session.screen = 'review'
    const before = session.thumbnailUrl(1)
    host.project = project('b')
    host.images = [image(1)]
    await session.opened(project('b'))
    expect(session.thumbnailUrl(1)).not.toBe(before)
    expect(session.screen).toBe('annotate')
    expect(session.imageId).toBe(1)
  })

  test('is closed only after what has to be finished before', async () => {
    const { session } = await connected()
    let save = () => {}
    session.beforeClose(() => new Promise((resolve) => (save = () => resolve())))
    const closing = session.closeProject()
    expect(host.project).not.toBeNull()
    save()
    await closing
    expect(host.project).toBeNull()
    expect(session.project).toBeNull()
  })

  test('that was closed is not read any more', async () => {
    const { session } = await connected()
    await session.closeProject()
    const before = host.lists
    host.change({ kind: 'images', ids: [1] })
    expect(host.lists).toBe(before)
    expect(session.images).toEqual([])
  })

  test('fresher summaries take their places in the list', async () => {
    const { session } = await connected()
    session.takeSummaries([image(2, 0.25)])
    expect(session.images.map(({ foregroundShare }) => foregroundShare)).toEqual([0, 0.25])
  })
})

describe('failures', () => {
  test('a call that fails ends as one visible sentence, said once', async () => {
    const { sentences } = await connected()
    host.fault = new Error('The file is damaged.')
    host.change({ kind: 'images', ids: null })
    await expect.poll(sentences).toEqual(['The file is damaged.'])
    host.change({ kind: 'images', ids: null })
    await expect.poll(() => host.lists).toBeGreaterThanOrEqual(3)
    expect(sentences()).toEqual(['The file is damaged.'])
  })

  test('a lost connection is known, calls wait for it, and everything is fresh when it is back', async () => {
    const { session, sentences } = await connected()
    host.connect(false)
    expect(session.connection).toBe('lost')
    let online = false
    const waiting = session.online().then(() => (online = true))
    await Promise.resolve()
    expect(online).toBe(false)
    host.images = [image(7)]
    host.connect(true)
    await waiting
    await expect.poll(() => session.image?.id).toBe(7)
    expect(session.connection).toBe('connected')
    expect(sentences()).toEqual(['The connection is back.'])
  })
})
