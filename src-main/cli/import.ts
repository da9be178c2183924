import {
  classTitle,
  joinPreviews,
  numberedClass,
  usualRoles,
  type MaskClass,
  type MaskPreview,
  type MaskRole
} from '#core/api/maskImport'
import { JaccardError } from '#core/errors'
import type { ImportOutcome } from '#core/api/values'
import { reportOf } from '#main/exchange/import'
import { findMaskFiles, readFound, type FoundFile } from '#main/exchange/importFiles'
import { importMasks, previewMasks } from '#main/exchange/maskImport'
import { POOL_SIZE } from '#main/images/pool.node'
import { countImages } from '#main/store/images'
import type { Project } from '#main/store/project'
import { drawSplits } from '#main/store/splits'
import { inOrder } from '#main/training/inOrder'
import { withProject } from './project'
import { table, throwIfCancelled, type Terminal } from './terminal'

interface ImportOptions {
  masks: string
  foreground?: string[]
  unknown?: string[]
  replace?: boolean
  preview?: boolean
}

/**
 * `jaccard import`: masks of other programs into a project that has their images. First it says what matches and what
 * becomes of which class; with `--preview` that is all.
 */
export async function importInto(file: string, options: ImportOptions, terminal: Terminal): Promise<void> {
  await withProject(file, terminal, async ({ project }) => {
    const files = await findMaskFiles(options.masks, null)
    if (files.length === 0) {
      throw new JaccardError(
        'bad-input',
        `There are no masks in "${options.masks}"; choose another folder or file.`
      )
    }
    const previews = await previewAll(project, files, terminal)
    throwIfCancelled(terminal.signal, `The import into ${file}`)
    const { classes, matches } = joinPreviews(previews)
    const titled = classes.map((one) => ({ ...one, title: classTitle(one.name, previews) }))
    const roles = rolesOf(titled, options)
    const shown = titled.map((one) => ({ ...one, role: roles[one.name]! }))
    const usable = matches.filter(({ reason }) => reason === null)
    const labelled = usable.filter(({ image }) => image!.labelled).length
    terminal.say(describe(shown, matches.length, usable.length, labelled, options.replace ?? false))
    for (const { note } of usable) if (note !== null) terminal.say(note)

    if (options.preview) {
      for (const { name, reason } of matches) if (reason !== null) terminal.say(`${name}: ${reason}`)
      terminal.result(
        { preview: true, classes: shown, matches: matches.map(({ file: _, ...match }) => match) },
        'Nothing was written; without --preview it will be.'
      )
      return
    }
    const outcomes = await importAll(project, files, { roles, replace: options.replace ?? false }, terminal)
    const { masksMatched, skipped, notes } = reportOf(outcomes, false)
    for (const { file: skippedFile, reason } of skipped) terminal.say(`skipped ${skippedFile}: ${reason}`)
    throwIfCancelled(terminal.signal, `The import into ${file}`)
    if (masksMatched === 0) {
      throw new JaccardError('bad-input', `None of the masks in "${options.masks}" could be used.`)
    }
    drawSplits(project)
    terminal.result(
      { file: project.path, masksMatched, skipped, notes, classes: shown, images: countImages(project) },
      `${project.path}: ${masksMatched} masks, ${skipped.length} left out`
    )
  })
}

async function previewAll(project: Project, files: FoundFile[], terminal: Terminal): Promise<MaskPreview[]> {
  const previews: MaskPreview[] = []
  const looking = inOrder(files, POOL_SIZE + 1, async (file) => {
    try {
      return await previewMasks(project, { name: file.name, bytes: await readFound(file) })
    } catch (error) {
      if (!(error instanceof JaccardError) || error.code !== 'bad-input') throw error
      const match = { name: file.name, image: null, reason: error.message, note: null }
      return { format: null, matches: [match], classes: [], names: null }
    }
  })
  for await (const preview of looking) {
    if (terminal.signal.aborted) break
    previews.push(preview)
    terminal.progress(previews.length, files.length, files[previews.length - 1]!.name)
  }
  return previews
}

async function importAll(
  project: Project,
  files: FoundFile[],
  choice: { roles: Record<string, MaskRole>; replace: boolean },
  terminal: Terminal
): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = []
  let total = files.length
  const waiting = files.map((file) => ({ name: file.name, read: () => readFound(file) }))
  const options = { signal: terminal.signal, onOpened: (masks: number) => (total += masks - 1) }
  for await (const outcome of importMasks(project, waiting, { ...choice, leaveOut: [] }, options)) {
    outcomes.push(outcome)
    terminal.progress(outcomes.length, total, outcome.name)
  }
  return outcomes
}

/** What each class becomes: as the person says, what is not named is background; otherwise the usual. */
function rolesOf(
  classes: (MaskClass & { title: string })[],
  { foreground, unknown = [] }: ImportOptions
): Record<string, MaskRole> {
  const find = (given: string) => {
    const grey = /^#(..)\1\1$/.exec(given)
    const wanted = grey ? String(parseInt(grey[1]!, 16)) : given
    const found = classes.find(
      ({ name, title }) => [name, title].includes(wanted) || name === numberedClass(Number(wanted))
    )
    if (found) return found.name
    const present = classes.map(({ title }) => title).join(', ') || 'none'
    throw new JaccardError(
      'usage',
      `There is no class or colour "${given}" in these masks; they have: ${present}.`
    )
  }
  const chosen = new Map<string, MaskRole>()
  for (const name of foreground ?? []) chosen.set(find(name), 'foreground')
  for (const name of unknown) chosen.set(find(name), 'unknown')
  const usual = usualRoles(classes)
  const other = (name: string) => (foreground ? 'background' : usual[name]!)
  return Object.fromEntries(classes.map(({ name }) => [name, chosen.get(name) ?? other(name)]))
}

function describe(
  classes: { title: string; kind: MaskClass['kind']; count: number; images: number; role: MaskRole }[],
  masks: number,
  usable: number,
  labelled: number,
  replace: boolean
): string {
  const rows = classes.map(({ title, kind, count, images, role }) => [
    title,
    count,
    kind === 'colour' ? 'pixels' : 'objects',
    images,
    role
  ])
  const heading = ['class', 'how many', '', 'images', 'becomes']
  const kept = replace
    ? 'whose labels are replaced'
    : 'that have labels already and keep them (--replace takes the masks)'
  return [
    `${usable} of ${masks} masks have an image in the project${labelled > 0 ? `, ${labelled} of them one ${kept}` : ''}`,
    ...(rows.length > 0 ? [table([heading, ...rows])] : [])
  ].join('\n')
}
