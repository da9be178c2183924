import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { createMask, flatten } from '#core/mask/tiles'
import { loadMask, readMask, undo } from '#main/store/masks'
import { createProject, openProject } from '#main/store/open'
import { addImage } from '../../fixtures/project'
import { temporaryFolder } from '../../fixtures/temporary'
import { paintStroke } from './strokes'

const KILLS = Number(process.env['JACCARD_KILLS'] ?? 20)

const at = (place: string) => fileURLToPath(new URL(place, import.meta.url))

/**
 * Lets another process paint, kills it so many milliseconds after it has reported so many strokes, and says the last
 * that it reported.
 */
async function paintAndKill(path: string, strokes: number, delay: number): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--import', at('../../../scripts/sources.mjs'), at('./painter.ts'), path],
    {
      stdio: ['ignore', 'pipe', 'pipe']
    }
  )
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  let reported = 0
  let lines = 0
  const signal = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_, signal) => resolve(signal))
  })
  for await (const line of createInterface({ input: child.stdout })) {
    reported = Number(line)
    if (++lines === strokes) setTimeout(() => child.kill('SIGKILL'), delay)
  }
  expect(await signal, complaint).toBe('SIGKILL')
  return reported
}

describe('a process that is killed while it paints', () => {
  it(`loses no stroke that it had saved, ${KILLS} times`, { timeout: 60_000 + 5_000 * KILLS }, async () => {
    const path = join(temporaryFolder(), 'killed.jaccard')
    const project = await createProject(path)
    const id = await addImage(project, { width: 700, height: 500 })
    project.close()
    const random = createRandom(2, 'kills')
    const mask = createMask(700, 500)
    let revision = 0
    for (let kill = 0; kill < KILLS; kill++) {
      // Anywhere in the next strokes: they take a few milliseconds each.
      const reported = await paintAndKill(path, 1 + random.integer(25), 10 * random.uniform())
      const again = await openProject(path)
      const saved = readMask(again, id).revision
      expect(saved).toBeGreaterThanOrEqual(reported)
      expect(again.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      // The mask is that of exactly the saved strokes, none half done.
      for (; revision < saved; revision++) paintStroke(mask, revision)
      expect(Buffer.compare(flatten(loadMask(again, id)), flatten(mask))).toBe(0)
      expect(again.get('SELECT count(*) AS edits FROM edit')).toEqual({ edits: Math.min(saved, 500) })
      again.close()
    }
    expect(revision).toBeGreaterThan(KILLS)

    const last = await openProject(path)
    const before = createMask(700, 500)
    for (let i = 0; i < revision - 1; i++) paintStroke(before, i)
    undo(last, id)
    expect(Buffer.compare(flatten(loadMask(last, id)), flatten(before))).toBe(0)
    last.close()
  })
})
