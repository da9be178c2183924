import { describe, expect, it } from 'vitest'
import { listImageRecords, listImages, setSplit, setState } from '#main/store/images'
import { classBalance } from '#main/store/images'
import type { Project } from '#main/store/project'
import { drawSplits, setSplitSeed, splitSeed } from '#main/store/splits'
import { addImage, addLabelled, temporaryProject } from '../../fixtures/project'

/** A project with so many labelled images of 0, 1, 2, … % foreground; the same ones for the same count. */
async function labelledProject(
  count: number,
  options: { seed?: number; from?: number } = {}
): Promise<Project> {
  const project = await temporaryProject()
  if (options.seed !== undefined) setSplitSeed(project, options.seed)
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
    expect([splitSeed(one), splitSeed(two)]).toEqual([0, 7])
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
