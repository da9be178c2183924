import type { TestLook } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { WHY_LOCKED } from '#core/learning/testSet'
import { LABELLED, listImageRecords } from './images'
import type { Project } from './project'
import { getRun, listRunImages } from './runs'

/** The labelled images of the test set. */
export function testImages(project: Project): number[] {
  return listImageRecords(project).flatMap(({ id, split, state }) =>
    split === 'test' && LABELLED.includes(state) ? [id] : []
  )
}

/** SHA-256 of the bytes of each of them. */
export function testContents(project: Project): Set<string> {
  const ids = new Set(testImages(project))
  return new Set(listImageRecords(project).flatMap(({ id, sha }) => (ids.has(id) ? [sha] : [])))
}

/** What is said to whoever comes near the test set without having asked for it. */
export function lockedTest(): JaccardError {
  return new JaccardError(
    'conflict',
    `The test set is locked. ${WHY_LOCKED} In Review that is "Look at the test set", on the command line --unlock-test.`
  )
}

/** Every look at the test set, the oldest first. */
export function listTestLooks(project: Project): TestLook[] {
  return project.all<TestLook>(
    'SELECT run_id AS runId, images, looked_at AS lookedAt FROM test_look ORDER BY id'
  )
}

/**
 * Counts a look at the test set with the eyes of a run.
 *
 * @returns All looks, this one included.
 * @throws JaccardError `bad-input` without labelled test images, `conflict` where the run has learned from some of
 *   them or was chosen by them, `not-found`.
 */
export function lookAtTest(project: Project, runId: number): TestLook[] {
  return project.transaction(() => {
    getRun(project, runId)
    const test = testImages(project)
    if (test.length === 0) {
      throw new JaccardError(
        'bad-input',
        'No labelled image is in the test split, so there is nothing to look at; draw a test set first.'
      )
    }
    const used = new Set(listRunImages(project, runId).map(({ imageId }) => imageId))
    const known = test.filter((id) => used.has(id)).length
    if (known > 0) {
      throw new JaccardError(
        'conflict',
        `Run ${runId} has trained or validated with ${known} of the ${test.length} images that are now in the test ` +
          `set, so it cannot be tested by them; train a new run.`
      )
    }
    project.run(
      'INSERT INTO test_look (run_id, images, looked_at) VALUES (?, ?, ?)',
      runId,
      test.length,
      new Date().toISOString()
    )
    return listTestLooks(project)
  })
}
