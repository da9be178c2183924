import { expect, test } from 'vitest'
import { pastedFiles } from '../../../../src-renderer/annotate/import/gather'

const pasted = (...names: string[]) =>
  pastedFiles(
    { files: names.map((name) => new File(['bytes'], name)) } as unknown as DataTransfer,
    new Date(2026, 10, 4, 9, 5, 7)
  ).map(({ path }) => path)

test('a copied picture has no name, so it gets the moment at which it was pasted', () => {
  expect(pasted('image.png')).toEqual(['pasted 2026-11-04 09.05.07.png'])
})

test('copied files keep their names; copied text is no file', () => {
  expect(pasted('leaf.png', 'my image.png')).toEqual(['leaf.png', 'my image.png'])
  expect(pasted()).toEqual([])
})
