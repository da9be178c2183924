import { expect, it } from 'vitest'
import { addMissingFingerprints } from '#main/exchange/fingerprints'
import { imagesWithoutFingerprint, listImageRecords, setState } from '#main/store/images'
import { tornGroups } from '#main/store/splits'
import { addDisc } from '../../fixtures/discs'
import { encode, noise } from '../../fixtures/images'
import { addImage, addLabelled, temporaryProject } from '../../fixtures/project'

const never = new AbortController().signal

/** A project from before fingerprints were kept: one picture twice, saved by two programs, in two splits. */
async function oldProject() {
  const project = await temporaryProject()
  const pixels = noise(48, 48)
  const size = { width: 48, height: 48 }
  for (const [name, format, split] of [
    ['a.png', 'png', 'train'],
    ['a.jpg', 'jpeg', 'validation']
  ] as const) {
    const bytes = await encode(format, pixels, 48, 48, format === 'jpeg' ? { quality: 90 } : {})
    const id = await addImage(project, { name, bytes, format, ...size })
    setState(project, [id], 'complete')
    project.run('UPDATE image SET split = ? WHERE id = ?', split, id)
  }
  return project
}

it('near-duplicates in different splits of an old project come to light', async () => {
  const project = await oldProject()
  await addDisc(project, 1, { split: 'train' })
  expect(tornGroups(project)).toEqual([])
  expect(await addMissingFingerprints(project, never)).toBe(3)
  expect(imagesWithoutFingerprint(project)).toEqual([])
  expect(tornGroups(project).map(({ images }) => images.map(({ name }) => name))).toEqual([
    ['a.png', 'a.jpg']
  ])
  expect(await addMissingFingerprints(project, never)).toBe(0)
})

it('an image that cannot be read is left for another time, an unlabelled one until it counts', async () => {
  const project = await oldProject()
  const broken = await addLabelled(project, { name: 'broken.png' })
  await addImage(project, { name: 'untouched.png' })
  expect(await addMissingFingerprints(project, never)).toBe(2)
  expect(imagesWithoutFingerprint(project)).toEqual([broken])
  expect(listImageRecords(project)).toHaveLength(4)
})

it('ends early when the project is closed', async () => {
  const project = await oldProject()
  const closing = new AbortController()
  closing.abort()
  expect(await addMissingFingerprints(project, closing.signal)).toBe(0)
})
