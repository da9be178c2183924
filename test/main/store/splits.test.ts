import { describe, expect, it } from 'vitest'
import type { Split } from '#core/api/values'
import { FINGERPRINT_BYTES } from '#core/learning/fingerprint'
import { createRandom } from '#core/learning/random'
import { SPLIT_DEFAULTS, type SplitSettings } from '#core/learning/splits'
import { classBalance, listImageRecords, listImages, setSplit, setState } from '#main/store/images'
import { groupsOf } from '#main/store/groups'
import type { Project } from '#main/store/project'
import {
  drawAgain,
  drawSplits,
  foldSplits,
  setSplitSettings,
  splitSettings,
  tornGroups
} from '#main/store/splits'
import { addImage, addLabelled, temporaryProject } from '../../fixtures/project'

/** A project with so many labelled images of 0, 1, 2, … % foreground; the same ones for the same count. */
async function labelledProject(
  count: number,
  options: { seed?: number; from?: number } = {}
): Promise<Project> {
  const project = await temporaryProject()
  if (options.seed !== undefined) setSplitSettings(project, { ...SPLIT_DEFAULTS, seed: options.seed })
  for (let i = 0; i < count; i++) {
    await addLabelled(project, { name: `${i}.png`, bytes: Buffer.from(`picture ${i}`), foreground: i % 100 })
  }
  return project
}

const splitsOf = (project: Project) => listImages(project).map(({ split }) => split)
const validationOf = (project: Project) =>
  listImages(project)
    .filter(({ split }) => split === 'validation')
    .map(({ name }) => name)

describe('drawing splits', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [5, 1],
    [8, 2],
    [10, 2],
    [40, 8]
  ])('of %i labelled images lets %i validate', async (count, validation) => {
    const project = await labelledProject(count)
    expect(drawSplits(project)).toHaveLength(count)
    expect(validationOf(project)).toHaveLength(validation)
    expect(splitsOf(project).filter((split) => split === 'train')).toHaveLength(count - validation)
  })

  it('gives the same for the same images and seed, in whatever order they came', async () => {
    const one = await labelledProject(30)
    const two = await temporaryProject()
    for (let i = 29; i >= 0; i--) {
      await addLabelled(two, { name: `${i}.png`, bytes: Buffer.from(`picture ${i}`), foreground: i })
    }
    drawSplits(one)
    drawSplits(two)
    expect(validationOf(two).sort()).toEqual(validationOf(one).sort())
  })

  it('gives others for another seed, which the project remembers', async () => {
    const one = await labelledProject(40)
    const two = await labelledProject(40, { seed: 7 })
    expect([splitSettings(one).seed, splitSettings(two).seed]).toEqual([0, 7])
    drawSplits(one)
    drawSplits(two)
    expect(validationOf(two)).not.toEqual(validationOf(one))
  })

  it('takes one of every stratum of foreground', async () => {
    const project = await labelledProject(50)
    drawSplits(project)
    const shares = listImages(project)
      .filter(({ split }) => split === 'validation')
      .map(({ foregroundShare }) => Math.floor((foregroundShare * 100) / 5))
    expect(shares.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('leaves everyone where they are when new images come', async () => {
    const project = await labelledProject(20)
    drawSplits(project)
    const before = splitsOf(project)
    for (let i = 0; i < 20; i++) await addLabelled(project, { foreground: i })
    expect(drawSplits(project)).toHaveLength(20)
    expect(splitsOf(project).slice(0, 20)).toEqual(before)
    expect(validationOf(project)).toHaveLength(8)
    expect(drawSplits(project)).toEqual([])
  })

  it('leaves images alone that are not labelled', async () => {
    const project = await labelledProject(4)
    const untouched = await addImage(project)
    const started = await addLabelled(project, { foreground: 5, state: 'in-progress' })
    drawSplits(project)
    for (const { id, split } of listImages(project)) {
      expect(split === null).toBe(id === untouched || id === started)
    }
    setState(project, [started], 'complete')
    expect(drawSplits(project)).toEqual([started])
  })

  it('respects the person’s own choices', async () => {
    const project = await labelledProject(10)
    const ids = listImages(project).map(({ id }) => id)
    setSplit(project, ids.slice(0, 3), 'validation')
    setSplit(project, ids.slice(3, 4), 'test')
    drawSplits(project)
    expect(splitsOf(project)).toEqual([
      ...['validation', 'validation', 'validation', 'test'],
      ...['train', 'train', 'train', 'train', 'train', 'train']
    ])
  })

  it('draws again for an image whose own choice is taken back', async () => {
    const project = await labelledProject(2)
    const [first, second] = listImages(project).map(({ id }) => id) as [number, number]
    setSplit(project, [first], 'validation')
    setSplit(project, [second], 'validation')
    setSplit(project, [second], null)
    expect(drawSplits(project)).toEqual([second])
    expect(splitsOf(project)).toEqual(['validation', 'train'])
  })

  it('always leaves something to learn from', async () => {
    const project = await labelledProject(3)
    const ids = listImages(project).map(({ id }) => id)
    setSplit(project, ids.slice(0, 2), 'test')
    drawSplits(project)
    expect(splitsOf(project)).toEqual(['test', 'test', 'train'])
  })

  it('never puts copies of one picture on both sides', async () => {
    const project = await temporaryProject()
    for (let i = 0; i < 30; i++) {
      const bytes = Buffer.from(`picture ${i % 10}`)
      await addLabelled(project, { name: `${i}.png`, bytes, foreground: i })
    }
    drawSplits(project)
    const late = Buffer.from('picture 3')
    await addLabelled(project, { name: 'late.png', bytes: late, foreground: 50 })
    drawSplits(project)
    const sides = new Map<string, Set<string | null>>()
    for (const { sha, split } of listImageRecords(project)) {
      sides.set(sha, (sides.get(sha) ?? new Set()).add(split))
    }
    expect([...sides.values()].every((splits) => splits.size === 1)).toBe(true)
    expect([...sides.values()].filter((splits) => splits.has('validation'))).toHaveLength(2)
  })

  it('makes train and validation alike in their foreground', async () => {
    const project = await labelledProject(100)
    drawSplits(project)
    const { train, validation } = classBalance(project)
    expect(validation.images).toBe(20)
    expect(Math.abs(train.foregroundShare! - validation.foregroundShare!)).toBeLessThan(0.03)
  })
})

/** A fingerprint unlike that of any other number; one more `shade` hardly changes it. */
function fingerprintNumber(number: number, shade = 0): Uint8Array {
  const random = createRandom(number, 'fingerprint')
  return Uint8Array.from({ length: FINGERPRINT_BYTES }, () => Math.max(0, random.integer(256) - shade))
}

const splitOf = (project: Project) => new Map(listImages(project).map(({ name, split }) => [name, split]))

describe('what looks alike', () => {
  it('is in one split, in whatever order it comes', async () => {
    for (const seed of [0, 1, 2, 3]) {
      const project = await temporaryProject()
      setSplitSettings(project, { ...SPLIT_DEFAULTS, validationShare: 0.4, seed })
      for (let i = 0; i < 24; i++) {
        const fingerprint = fingerprintNumber(i % 12, Math.floor(i / 12))
        await addLabelled(project, { name: `${i}.png`, fingerprint, foreground: i })
        if (i % 5 === 0) drawSplits(project)
      }
      drawSplits(project)
      const splits = splitOf(project)
      for (let i = 0; i < 12; i++) expect(splits.get(`${i}.png`)).toBe(splits.get(`${i + 12}.png`))
      expect(new Set(splits.values())).toEqual(new Set(['train', 'validation']))
      expect(tornGroups(project)).toEqual([])
    }
  })

  it('is told to be torn where the person chose so', async () => {
    const project = await temporaryProject()
    const ids = [
      await addLabelled(project, { name: 'a.png', fingerprint: fingerprintNumber(1) }),
      await addLabelled(project, { name: 'b.png', fingerprint: fingerprintNumber(1, 2) }),
      await addLabelled(project, { name: 'c.png', fingerprint: fingerprintNumber(2) })
    ]
    setSplit(project, [ids[0]!], 'train')
    setSplit(project, [ids[1]!], 'validation')
    setSplit(project, [ids[2]!], 'validation')
    const [torn, ...others] = tornGroups(project)
    expect(others).toEqual([])
    expect(torn!.images.map(({ name }) => name)).toEqual(['a.png', 'b.png'])
    expect(torn!.alike).toMatchObject([{ image: ids[1], like: ids[0] }])
    expect(torn!.alike[0]!.likeness).toBeGreaterThan(0.99)
  })

  it('is forgotten with an image that is gone', async () => {
    const project = await temporaryProject()
    const [a, b, c] = [
      await addLabelled(project, { fingerprint: fingerprintNumber(1) }),
      await addLabelled(project, { fingerprint: fingerprintNumber(1, 1) }),
      await addLabelled(project, { fingerprint: fingerprintNumber(1, 2) })
    ]
    const groups = () =>
      groupsOf(project, listImageRecords(project), 'none').map(({ images }) => images.map(({ id }) => id))
    expect(groups()).toEqual([[a, b, c]])
    project.run('DELETE FROM image WHERE id = ?', a)
    expect(groups()).toEqual([[b, c]])
  })
})

/** A project of patients with some slices each, in a folder of their own, settled by `settings`. */
async function patientProject(settings: Partial<SplitSettings>, sizes: number[]): Promise<Project> {
  const project = await temporaryProject()
  setSplitSettings(project, { ...SPLIT_DEFAULTS, ...settings })
  for (const [patient, slices] of sizes.entries()) {
    for (let slice = 0; slice < slices; slice++) {
      const name = `patient${patient}/${patient}_slice${slice}.png`
      await addLabelled(project, { name, foreground: patient * 5 + slice })
    }
  }
  drawSplits(project)
  return project
}

describe('grouping', () => {
  it.each(['folder', 'prefix'] as const)('by %s keeps every group in one split', async (grouping) => {
    const sizes = [3, 4, 2, 5, 3, 4, 2, 3, 4, 5]
    for (const seed of [0, 1, 2]) {
      const project = await patientProject({ grouping, testShare: 0.2, seed }, sizes)
      const sides = new Map<string, Set<Split | null>>()
      for (const { name, split } of listImages(project)) {
        const patient = name.split('/')[0]!
        sides.set(patient, (sides.get(patient) ?? new Set()).add(split))
      }
      expect([...sides.values()].every((splits) => splits.size === 1)).toBe(true)
      const { train, validation, test } = classBalance(project)
      expect(train.images + validation.images + test.images).toBe(35)
      // 7 of 35, and 6 of the 28 or so that are left, each to within a patient.
      expect(Math.abs(test.images - 7)).toBeLessThan(5)
      expect(Math.abs(validation.images - 6)).toBeLessThan(5)
      expect(Math.min(test.images, validation.images)).toBeGreaterThan(0)
    }
  })

  it('puts a late image where its group is', async () => {
    const project = await patientProject({ grouping: 'folder' }, [2, 2, 2, 2, 2])
    const splits = splitOf(project)
    for (let patient = 0; patient < 5; patient++) {
      await addLabelled(project, { name: `patient${patient}/late.png` })
    }
    drawSplits(project)
    for (let patient = 0; patient < 5; patient++) {
      const name = `patient${patient}/late.png`
      expect(splitOf(project).get(name)).toBe(splits.get(`patient${patient}/${patient}_slice0.png`))
    }
  })
})

describe('a test set', () => {
  it('is drawn in the wanted share, alike in foreground', async () => {
    const project = await labelledProject(100)
    setSplitSettings(project, { ...SPLIT_DEFAULTS, testShare: 0.2 })
    drawSplits(project)
    const { train, validation, test } = classBalance(project)
    expect([train.images, validation.images, test.images]).toEqual([64, 16, 20])
    expect(Math.abs(train.foregroundShare! - test.foregroundShare!)).toBeLessThan(0.03)
  })

  it('leaves something to train and to validate with', async () => {
    const project = await labelledProject(3)
    setSplitSettings(project, { ...SPLIT_DEFAULTS, testShare: 0.5, validationShare: 0.5 })
    drawSplits(project)
    expect(splitsOf(project).sort()).toEqual(['test', 'train', 'validation'])
  })
})

describe('drawing again', () => {
  it('from another seed moves what was drawn and nothing else', async () => {
    const project = await labelledProject(40)
    setSplitSettings(project, { ...SPLIT_DEFAULTS, testShare: 0.1 })
    const ids = listImages(project).map(({ id }) => id)
    setSplit(project, ids.slice(0, 3), 'validation')
    setSplit(project, ids.slice(3, 5), 'test')
    drawSplits(project)
    const before = splitsOf(project)
    const moved = drawAgain(project, { ...splitSettings(project), seed: 1 })
    const after = splitsOf(project)
    expect(after.slice(0, 5)).toEqual(['validation', 'validation', 'validation', 'test', 'test'])
    expect(moved).toEqual(ids.filter((_, i) => before[i] !== after[i]))
    expect(moved.length).toBeGreaterThan(0)
    // A test set that is drawn until it pleases is no test.
    expect(after.map((split) => split === 'test')).toEqual(before.map((split) => split === 'test'))
    expect(drawAgain(project, splitSettings(project))).toEqual([])
  })

  it('with another share draws the test set, too', async () => {
    const project = await labelledProject(40)
    drawSplits(project)
    drawAgain(project, { ...SPLIT_DEFAULTS, testShare: 0.25, validationShare: 0.1 })
    const { train, validation, test } = classBalance(project)
    expect([train.images, validation.images, test.images]).toEqual([27, 3, 10])
    drawAgain(project, SPLIT_DEFAULTS)
    expect(classBalance(project).test.images).toBe(0)
  })
})

describe('cross-validation', () => {
  it('validates with every image once, and leaves the project and the test set as they are', async () => {
    const project = await patientProject(
      { grouping: 'folder', testShare: 0.2 },
      [3, 4, 2, 5, 3, 4, 2, 3, 4, 5]
    )
    const before = splitsOf(project)
    const learned = listImages(project).flatMap(({ id, split }) => (split === 'test' ? [] : [id]))
    const validated: number[] = []
    for (let fold = 1; fold <= 4; fold++) {
      const splits = foldSplits(project, { folds: 4, fold })
      expect([...splits.keys()].sort((a, b) => a - b)).toEqual(learned)
      const validation = learned.filter((id) => splits.get(id) === 'validation')
      expect(validation.length).toBeGreaterThan(0)
      expect(validation.length).toBeLessThan(learned.length / 2)
      validated.push(...validation)
    }
    expect(validated.sort((a, b) => a - b)).toEqual(learned)
    expect(splitsOf(project)).toEqual(before)
  })
})
