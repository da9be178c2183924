// @vitest-environment node
import { TRPCClientError } from '@trpc/client'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { MaskChoice, MaskImportProgress, MaskMatch, MaskPreview } from '#core/api/maskImport'
import type { ImportOutcome, ProjectSummary } from '#core/api/values'

/** The host's answers, file by file. */
const host = vi.hoisted(() => ({
  received: [] as string[],
  choices: [] as MaskChoice[],
  answer: async (_name: string): Promise<unknown> => ({}),
  preview: async (_name: string): Promise<unknown> => ({})
}))

vi.mock('../../../../src-renderer/shared/api', () => {
  const take = (kind: string) => ({
    mutate: async ({ name }: { name: string }) => {
      host.received.push(`${kind} ${name}`)
      return host.answer(name)
    }
  })
  const previewMasks = {
    mutate: async ({ name }: { name: string }) => {
      host.received.push(`look ${name}`)
      return host.preview(name)
    }
  }
  const importMasks = {
    subscribe: (
      { file: { name }, choice }: { file: { name: string }; choice: MaskChoice },
      { onData, onComplete }: { onData: (progress: MaskImportProgress) => void; onComplete: () => void }
    ) => {
      host.received.push(`mask ${name}`)
      host.choices.push(choice)
      const outcome: ImportOutcome = { status: 'matched', name, imageId: 1, note: null }
      queueMicrotask(() => {
        onData({ outcome, done: 1, total: 1 })
        onComplete()
      })
      return { unsubscribe: () => undefined }
    }
  }
  return {
    onConnection: () => () => {},
    api: { images: { add: take('image'), previewMasks, importMasks } }
  }
})

const { importer, summaryOf } = await import('../../../../src-renderer/annotate/import/importer.svelte')
const { session } = await import('../../../../src-renderer/shared/session.svelte')
const { toasts } = await import('../../../../src-renderer/shared/toasts.svelte')

const files = (...paths: string[]) => paths.map((path) => ({ path, file: new File(['x'], path) }))
const added = (name: string): ImportOutcome => ({ status: 'added', name, imageId: 1, others: [], note: null })
const sentences = () => toasts.items.map(({ message }) => message)

/** A picture that is a mask, and what the host sees in it. */
function preview(name: string, match: Partial<MaskMatch> = {}): MaskPreview {
  const image = { id: 1, name: 'a.jpg', labelled: false }
  return {
    format: 'picture',
    matches: [{ name, image, reason: null, note: null, ...match }],
    classes: [{ name: '255', kind: 'colour', count: 7, images: 1 }],
    names: null
  }
}

/** The masks that wait for a decision, once they do. */
async function reviewed() {
  await vi.waitUntil(() => importer.review)
  return importer.review!
}

/** A call that the host refused, or (without a reason) that got no answer. */
function failure(message: string, reason?: string): TRPCClientError<never> {
  const error = new TRPCClientError<never>(message)
  if (reason) Object.assign(error, { data: { reason } })
  return error
}

beforeEach(() => {
  host.received = []
  host.choices = []
  host.answer = async (name) => added(name)
  host.preview = async (name) => preview(name)
  importer.report = null
  toasts.items = []
  session.connection = 'connected'
  session.project = { path: 'a', readOnly: false } as ProjectSummary
})

describe('an import', () => {
  test('that went well is said in passing; masks wait until the person has seen what they would do', async () => {
    const done = importer.import(files('set/images/a.png', 'set/images/b.png', 'set/masks/a.png'))
    const review = await reviewed()
    expect(host.received).toEqual(['image a.png', 'image b.png', 'look a.png'])
    expect(review.count).toBe(1)
    review.confirm()
    await done
    expect(host.received.at(-1)).toBe('mask a.png')
    expect(sentences()).toEqual(['2 images added, 1 mask matched.'])
    expect([importer.report, importer.running, importer.review]).toEqual([null, null, null])
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

describe('masks under review', () => {
  test('become what the person says', async () => {
    const done = importer.import(files('a.png'), 'masks')
    const review = await reviewed()
    expect(review.roles).toEqual({ '255': 'foreground' })
    review.roles['255'] = 'unknown'
    expect(review.hasForeground).toBe(false)
    review.confirm()
    await done
    expect(host.choices).toEqual([{ roles: { '255': 'unknown' }, replace: false, leaveOut: [] }])
  })

  test('of black paint on transparent ground are foreground where it is black', async () => {
    const colour = (name: string) => ({ name, kind: 'colour' as const, count: 7, images: 1 })
    host.preview = async (name) => ({ ...preview(name), classes: [colour('transparent'), colour('0')] })
    const done = importer.import(files('a.png'), 'masks')
    const review = await reviewed()
    expect(review.roles).toEqual({ transparent: 'background', '0': 'foreground' })
    review.cancel()
    await done
  })

  test('that are cancelled leave no trace', async () => {
    const done = importer.import(files('a.png'), 'masks')
    ;(await reviewed()).cancel()
    await done
    expect(host.received).toEqual(['look a.png'])
    expect([importer.report, sentences()]).toEqual([null, []])
  })

  test('replace a label only where the person says so', async () => {
    host.preview = async (name) =>
      preview(name, { image: { id: name.length, name, labelled: name === 'b.png' } })
    const done = importer.import(files('aa.png', 'b.png'), 'masks')
    const review = await reviewed()
    expect([review.labelled, review.count]).toEqual([1, 1])
    review.replace = true
    expect(review.count).toBe(2)
    review.confirm()
    await done
    expect(host.choices.map(({ replace }) => replace)).toEqual([true, true])
  })

  test('count once for an image, and files without a usable mask are not sent again', async () => {
    host.preview = async (name) =>
      name === 'c.png' ? preview(name, { image: null, reason: '"c.png" has no image.' }) : preview(name)
    const done = importer.import(files('one/a.png', 'two/a.png', 'c.png'), 'masks')
    const review = await reviewed()
    expect(review.leftOut.map(({ reason }) => reason)).toEqual([
      '"c.png" has no image.',
      expect.stringContaining('another mask of this import')
    ])
    review.confirm()
    await done
    expect(host.received.filter((line) => line.startsWith('mask'))).toEqual(['mask a.png'])
    expect(importer.report?.skipped).toHaveLength(2)
  })

  test('never go into another project that was opened meanwhile', async () => {
    const done = importer.import(files('a.png'), 'masks')
    const review = await reviewed()
    session.project = { path: 'b', readOnly: false } as ProjectSummary
    review.confirm()
    await done
    expect(host.received).toEqual(['look a.png'])
    expect(importer.report).toMatchObject({ masksMatched: 0, cancelled: true })
  })

  test('of which none can be used are not asked about', async () => {
    host.preview = async (name) => preview(name, { image: null, reason: `"${name}" has no image.` })
    await importer.import(files('a.png'), 'masks')
    expect(importer.report).toMatchObject({ masksMatched: 0, skipped: [{ file: 'a.png' }], cancelled: false })
  })

  test('carry the names of numbered classes', async () => {
    host.preview = async (name) =>
      name.endsWith('.yaml')
        ? { format: null, matches: [], classes: [], names: ['cell', 'nucleus'] }
        : { ...preview(name), classes: [{ name: 'class 1', kind: 'object', count: 2, images: 1 }] }
    const done = importer.import(files('labels/a.txt', 'data.yaml'))
    const review = await reviewed()
    expect(review.classes.map(({ title }) => title)).toEqual(['nucleus'])
    review.confirm()
    await done
    expect(host.received.filter((line) => line.startsWith('mask'))).toEqual(['mask a.txt'])
  })
})

test('the report is one sentence that leaves out what did not happen', () => {
  const report = { added: 0, duplicates: 0, masksMatched: 0, skipped: [], notes: [], cancelled: false }
  expect(summaryOf(report)).toBe('Nothing was added.')
  expect(summaryOf({ ...report, added: 2, duplicates: 1, masksMatched: 1 })).toBe(
    '2 images added, 1 mask matched, 1 image already there.'
  )
})
