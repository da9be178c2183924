// @vitest-environment node
import { expect, test } from 'vitest'
import { daysAgo } from '../../../src-renderer/projects/days-ago'
import { faultOfName, projectPath } from '../../../src-renderer/projects/project-path'

test('a name becomes a file in the folder, in the folder’s own spelling', () => {
  expect(projectPath('/home/ada/Jaccard', ' plants ')).toBe('/home/ada/Jaccard/plants.jaccard')
  expect(projectPath('/home/ada/', 'plants.jaccard')).toBe('/home/ada/plants.jaccard')
  expect(projectPath('C:\\Users\\Ada', 'plants')).toBe('C:\\Users\\Ada\\plants.jaccard')
})

test('names that would leave the folder or fail on some system are refused', () => {
  for (const name of ['', '  ', '../up', 'a/b', 'a\\b', 'what?', '.hidden', 'end.', 'x'.repeat(101)]) {
    expect(faultOfName(name), name).toMatch(/\w/)
  }
  for (const name of ['plants', 'Zellkerne 2', 'v1.2', 'été']) expect(faultOfName(name), name).toBeNull()
})

test('when a project was last open, in words', () => {
  const now = new Date(2026, 10, 23, 9)
  expect(daysAgo(new Date(2026, 10, 23, 1), now)).toBe('today')
  expect(daysAgo(new Date(2026, 10, 22, 23), now)).toBe('yesterday')
  expect(daysAgo(new Date(2026, 10, 3), now)).toBe('20 days ago')
  expect(daysAgo(new Date(2026, 1, 3), now)).toBe('Feb 3, 2026')
})
