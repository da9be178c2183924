import { expect, it } from 'vitest'
import { describeImages } from '#main/cli/info'
import { deleteImages } from '#main/store/bin'
import { countImages } from '#main/store/images'
import { addLabelled, temporaryProject } from '../../fixtures/project'

it('counts what is in the bin beside the images, and says nothing of an empty one', async () => {
  const project = await temporaryProject()
  const ids = [await addLabelled(project), await addLabelled(project), await addLabelled(project)]
  expect(describeImages(countImages(project))).toMatch(
    /^3 images: 0 untouched, 0 in-progress, 3 complete, 0 confirmed-empty\n/
  )
  deleteImages(project, ids.slice(1))
  expect(describeImages(countImages(project))).toMatch(
    /^1 images: 0 untouched, 0 in-progress, 1 complete, 0 confirmed-empty; 2 in the bin\n/
  )
})
