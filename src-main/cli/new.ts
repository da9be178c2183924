import { rm } from 'node:fs/promises'
import { matchesGlob } from 'node:path'
import { JaccardError } from '#core/errors'
import { SPLIT_DEFAULTS, type SplitSettings } from '#core/learning/splits'
import { importFolder } from '#main/exchange/import'
import { countImages, listImages, setSplit } from '#main/store/images'
import { createProject } from '#main/store/open'
import { drawSplits, setSplitSettings } from '#main/store/splits'
import { describeImages } from './info'
import { throwIfCancelled, type Terminal } from './terminal'

/**
 * `jaccard new`: a project file with the images of a folder and the masks of another. A file that was begun is
 * removed if there is nothing to put into it; what was imported before a cancel stays.
 */
export async function newProject(
  file: string,
  options: { images: string; masks?: string; link?: boolean } & SplitOptions,
  terminal: Terminal
): Promise<void> {
  const settings = splitSettingsOf(options)
  const project = await createProject(file)
  try {
    const folders = { images: options.images, masks: options.masks ?? null, link: options.link ?? false }
    let finished = null
    for await (const event of importFolder(project, folders, terminal.signal)) {
      if (event.type === 'progress') terminal.progress(event.done, event.total, event.name)
      else finished = event.report
    }
    const report = finished!
    for (const { file, reason } of report.skipped) terminal.say(`skipped ${file}: ${reason}`)
    for (const { note } of report.notes) terminal.say(note)
    throwIfCancelled(terminal.signal, `The import into ${file}`)
    if (report.added === 0) {
      throw new JaccardError('bad-input', `None of the files in ${options.images} could be read as an image.`)
    }
    if (options.val !== undefined) splitBy(project, options.val)
    setSplitSettings(project, settings)
    drawSplits(project)
    const { added, duplicates, masksMatched, skipped, notes } = report
    const images = countImages(project)
    terminal.result(
      { file: project.path, added, duplicates, masksMatched, skipped, notes, images },
      `${project.path}: ${added} images, ${masksMatched} masks, ${skipped.length} files skipped\n${describeImages(images)}`
    )
  } catch (error) {
    const empty = listImages(project).length === 0
    project.close()
    if (empty) await remove(project.path)
    throw error
  }
  project.close()
}

/** How the splits are to be drawn. */
interface SplitOptions {
  val?: string
  group?: SplitSettings['grouping']
  test?: number
  valShare?: number
}

function splitSettingsOf({ val, group, test, valShare }: SplitOptions): SplitSettings {
  if (val !== undefined && (test !== undefined || valShare !== undefined || group !== undefined)) {
    throw new JaccardError(
      'usage',
      '--val says for each image whether it trains or validates, so nothing is left to draw by --group, --test or --val-share.'
    )
  }
  return {
    ...SPLIT_DEFAULTS,
    grouping: group ?? SPLIT_DEFAULTS.grouping,
    testShare: test ?? SPLIT_DEFAULTS.testShare,
    validationShare: valShare ?? SPLIT_DEFAULTS.validationShare
  }
}

/** Puts the images whose base name matches into validation and all others into training, as an own choice. */
function splitBy(project: Parameters<typeof listImages>[0], glob: string): void {
  const images = listImages(project)
  const validation = images.filter(({ baseName }) => matchesGlob(baseName, glob)).map(({ id }) => id)
  if (validation.length === 0) {
    throw new JaccardError(
      'bad-input',
      `No image’s base name matches --val ${glob}; try a pattern such as "val*".`
    )
  }
  setSplit(project, validation, 'validation')
  const rest = images.filter(({ id }) => !validation.includes(id)).map(({ id }) => id)
  if (rest.length > 0) setSplit(project, rest, 'train')
}

async function remove(file: string): Promise<void> {
  await Promise.all(['', '-wal', '-shm'].map((ending) => rm(`${file}${ending}`, { force: true })))
}
