import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { JaccardError } from '#core/errors'
import { findPictures, readFound, type FoundFile } from '#main/exchange/importFiles'
import { baseNameOf, fileNamesFor } from '#main/exchange/names'
import { verifyPixels } from '#main/images/decode'
import { encodePrediction } from '#main/images/encode'
import { openImage } from '#main/images/open'
import { sha256 } from '#main/store/images'
import { findRun } from '#main/store/runs'
import { lockedTest, testContents } from '#main/store/testLooks'
import { withProject, type RunName } from './project'
import { throwIfCancelled, type Terminal } from './terminal'

/**
 * `jaccard predict`: masks and probabilities of the pictures in a folder, as PNGs of the pictures' own size under
 * their base names, in the folders `masks` and `probabilities` of the target. What cannot be read is skipped.
 */
export async function predict(
  file: string,
  options: { run: RunName; images: string; to: string; unlockTest?: boolean },
  terminal: Terminal
): Promise<void> {
  await withProject(file, terminal, async ({ project, predictions }) => {
    const run = findRun(project, options.run)
    if (options.unlockTest) predictions.unlockTest(run.id)
    const locked = options.unlockTest ? new Set<string>() : testContents(project)
    const { readable, skipped } = await sift(await findPictures(options.images, null), locked, terminal)
    if (readable.length === 0) {
      throw new JaccardError('bad-input', `There is no picture in ${options.images} that can be read.`)
    }
    const names = fileNamesFor(
      readable.map(({ name }) => baseNameOf(name)),
      '.png'
    )
    const folder = resolve(options.to)
    const [masks, maps] = [join(folder, 'masks'), join(folder, 'probabilities')]
    await Promise.all([masks, maps].map(makeFolder))
    const files = readable.map((found) => async () => ({ name: found.name, bytes: await readFound(found) }))
    let done = 0
    for await (const prediction of predictions.files(run.id, files)) {
      throwIfCancelled(terminal.signal, 'The prediction')
      const { mask, probabilities } = await encodePrediction({ ...prediction, threshold: run.threshold })
      const name = names[done++]!
      await Promise.all([writeFile(join(masks, name), mask), writeFile(join(maps, name), probabilities)])
      terminal.progress(done, readable.length, name)
    }
    terminal.result(
      { run: run.id, threshold: run.threshold, folder, images: done, skipped },
      `${done} masks in ${masks}, probabilities in ${maps}`
    )
  })
}

/** Finds out which pictures can be read, and may be, before anything is predicted. @param locked By `sha256`. */
async function sift(found: FoundFile[], locked: Set<string>, terminal: Terminal) {
  const readable: FoundFile[] = []
  const skipped: { file: string; reason: string }[] = []
  for (const file of found) {
    throwIfCancelled(terminal.signal, 'The prediction')
    try {
      const bytes = await readFound(file)
      if (locked.has(await sha256(bytes))) throw lockedTest()
      await verifyPixels(await openImage({ name: file.name, bytes }))
      readable.push(file)
    } catch (error) {
      if (!(error instanceof JaccardError)) throw error
      skipped.push({ file: file.name, reason: error.message })
      terminal.say(`skipped ${file.name}: ${error.message}`)
    }
  }
  return { readable, skipped }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new JaccardError(
      'read-only',
      `The folder ${folder} cannot be made (${cause.code}); choose another one.`,
      {
        cause
      }
    )
  })
}
