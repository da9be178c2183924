// @vitest-environment node
import { TRPCClientError } from '@trpc/client'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { ImportOutcome, ProjectSummary } from '#core/api/values'

/** The host's answers, file by file. */
const host = vi.hoisted(() => ({
  received: [] as string[],
  answer: async (_name: string): Promise<unknown> => ({})
}))

vi.mock('../../../../src-renderer/shared/api', () => {
  const take = (kind: string) => ({
    mutate: async ({ name }: { name: string }) => {
      host.received.push(`${kind} ${name}`)
      return host.answer(name)
    }
  })
  return { onConnection: () => () => {}, api: { images: { add: take('image'), addMask: take('mask') } } }
})

const { importer, summaryOf } = await import('../../../../src-renderer/annotate/import/importer.svelte')
const { session } = await import('../../../../src-renderer/shared/session.svelte')
const { toasts } = await import('../../../../src-renderer/shared/toasts.svelte')

const files = (...paths: string[]) => paths.map((path) => ({ path, file: new File(['x'], path) }))
const added = (name: string): ImportOutcome => ({ status: 'added', name, imageId: 1, note: null })
const sentences = () => toasts.items.map(({ message }) => message)

/** A call that the host refused, or (without a reason) that got no answer. */
function failure(message: string, reason?: string): TRPCClientError<never> {
  const error = new TRPCClientError<never>(message)
  if (reason) Object.assign(error, { data: { reason } })
  return error
}

beforeEach(() => {
  host.received = []
  host.answer = async (name) => added(name)
  importer.report = null
  toasts.items = []
  session.connection = 'connected'
  session.project = { path: 'a', readOnly: false } as ProjectSummary
})

describe('an import', () => {
  test('that went well is said in passing', async () => {
    await importer.import(files('set/images/a.png', 'set/images/b.png', 'set/masks/a.png'))
    expect(host.received).toEqual(['image a.png', 'image b.png', 'mask a.png'])
    expect(sentences()).toEqual(['3 images added.'])
    expect(importer.report).toBeNull()
    expect(importer.running).toBeNull()
  })

  test('lists what was left out, and why', async () => {
    host.answer = async (name) => {
      if (name === 'b.png') return { status: 'skipped', name, reason: '"b.png" is damaged.' }
      if (name === 'c.png') throw failure('"c.png" is strange.', 'bad-input')
      return added(name)
    }
    await importer.import(files('a.png', 'b.png', 'c.png', 'notes.txt'))
    expect(importer.report).toMatchObject({ added: 1, cancelled: false })
    expect(importer.report?.skipped.map(({ file }) => file)).toEqual(['notes.txt', 'b.png', 'c.png'])
  })

  test('that is cancelled ends after the file under way, and keeps what is in', async () => {
    host.answer = async (name) => {
      if (name === 'b.png') importer.cancel()
      return added(name)
    }
    await importer.import(files('a.png', 'b.png', 'c.png', 'd.png'))
    expect(host.received).toEqual(['image a.png', 'image b.png'])
    expect(importer.report).toMatchObject({ added: 2, cancelled: true })
  })

  test('stops at what every file would meet', async () => {
    host.answer = async () => {
      throw failure('The disk is full.', 'disk-full')
    }
    await importer.import(files('a.png', 'b.png'))
    expect(host.received).toEqual(['image a.png'])
    expect(importer.report?.skipped).toEqual([{ file: 'a.png', reason: 'The disk is full.' }])
  })

  test('waits for a lost connection and goes on with the same file', async () => {
    let broken = true
    host.answer = async (name) => {
      if (!broken) return added(name)
      broken = false
      throw failure('closed')
    }
    await importer.import(files('a.png', 'b.png'))
    expect(host.received).toEqual(['image a.png', 'image a.png', 'image b.png'])
    expect(sentences()).toEqual(['2 images added.'])
  })

  test('can be cancelled while the connection is lost', async () => {
    host.answer = async () => {
      session.connection = 'lost'
      queueMicrotask(() => importer.cancel())
      throw failure('closed')
    }
    await importer.import(files('a.png', 'b.png'))
    expect(host.received).toEqual(['image a.png'])
    expect(importer.report).toMatchObject({ added: 0, cancelled: true, skipped: [] })
  })

  test('never goes on into another project', async () => {
    host.answer = async (name) => {
      session.project = { path: 'b', readOnly: false } as ProjectSummary
      return added(name)
    }
    await importer.import(files('a.png', 'b.png'))
    expect(host.received).toEqual(['image a.png'])
  })

  test('into a read-only project says why not', async () => {
    session.project = { path: 'a', readOnly: true, notice: 'It is on a read-only disk.' } as ProjectSummary
    await importer.import(files('a.png'))
    expect(host.received).toEqual([])
    expect(sentences()).toEqual(['It is on a read-only disk.'])
  })
})

test('the report is one sentence that leaves out what did not happen', () => {
  const report = { added: 0, duplicates: 0, masksMatched: 0, skipped: [], notes: [], cancelled: false }
  expect(summaryOf(report)).toBe('Nothing was added.')
  expect(summaryOf({ ...report, added: 2, duplicates: 1, masksMatched: 1 })).toBe(
    '2 images added, 1 mask matched, 1 image already there.'
  )
})
