// @vitest-environment node
import { expect, test } from 'vitest'
import { planImport } from '../../../../src-renderer/annotate/import/plan'

const given = (...paths: string[]) => paths.map((path) => ({ path, file: new File([], path) }))
const NONE = new Set<string>()
const stepsOf = (plan: ReturnType<typeof planImport>) =>
  plan.steps.map(({ kind, given: { path } }) => `${kind} ${path}`)

test('a folder with images and masks beside each other: images first, then masks', () => {
  const plan = planImport(given('set/Masks/a.png', 'set/images/b.jpg', 'set/images/a.jpg'), 'detect', NONE)
  expect(stepsOf(plan)).toEqual(['image set/images/a.jpg', 'image set/images/b.jpg', 'mask set/Masks/a.png'])
})

test('a mask folder anywhere on the way counts, a file of that name does not', () => {
  const plan = planImport(given('x/labels/deep/a.png', 'x/mask.png'), 'detect', NONE)
  expect(stepsOf(plan)).toEqual(['image x/mask.png', 'mask x/labels/deep/a.png'])
})

test('a folder named masks without images beside it holds images, unless said otherwise', () => {
  expect(stepsOf(planImport(given('masks/a.png'), 'detect', NONE))).toEqual(['image masks/a.png'])
  expect(stepsOf(planImport(given('masks/a.png', 'b.png'), 'masks', NONE))).toEqual([
    'mask b.png',
    'mask masks/a.png'
  ])
})

test('an image and its mask have the same name, whatever subfolder they are in', () => {
  const plan = planImport(
    given('set/images/day 1/a.jpg', 'set/masks/day 1/a.png', 'set/images/b.jpg', 'c.png'),
    'detect',
    NONE
  )
  expect(plan.steps.map(({ name }) => name)).toEqual(['c.png', 'b.jpg', 'day 1/a.jpg', 'day 1/a.png'])
})

test('numbers are in the order in which people count', () => {
  expect(stepsOf(planImport(given('cell 10.png', 'cell 9.png'), 'detect', NONE))).toEqual([
    'image cell 9.png',
    'image cell 10.png'
  ])
})

test('what is no picture is listed with a reason; what systems leave behind is not worth a word', () => {
  const plan = planImport(
    given('set/notes.txt', 'set/.DS_Store', 'set/Thumbs.db', '__MACOSX/x', 'a.TIF'),
    'detect',
    NONE
  )
  expect(stepsOf(plan)).toEqual(['image a.TIF'])
  expect(plan.skipped).toEqual([
    { file: 'set/notes.txt', reason: 'It is neither a picture nor a file of masks.' }
  ])
})

test('JSON is a mask file; a text is one in a mask folder or under the name of an image, and brings class names in', () => {
  const plan = planImport(
    given('set/images/a.jpg', 'set/labels/a.txt', 'set/data.yaml', 'set/coco.json', 'set/README.txt'),
    'detect',
    NONE
  )
  expect(stepsOf(plan)).toEqual([
    'image set/images/a.jpg',
    'mask set/coco.json',
    'mask set/data.yaml',
    'mask set/labels/a.txt'
  ])
  expect(plan.skipped.map(({ file }) => file)).toEqual(['set/README.txt'])
  expect(stepsOf(planImport(given('leaf.txt', 'stem.txt'), 'detect', new Set(['leaf'])))).toEqual([
    'mask leaf.txt'
  ])
  expect(stepsOf(planImport(given('notes.yaml', 'a.jpg'), 'detect', NONE))).toEqual(['image a.jpg'])
})
