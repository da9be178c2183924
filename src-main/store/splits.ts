import type { Split } from '#core/api/values'
import { createRandom } from '#core/learning/random'
import {
  drawGroups,
  foldsOf,
  sizeOf,
  SPLIT_DEFAULTS,
  splitSettings as schema,
  type Group,
  type SplitSettings
} from '#core/learning/splits'
import { damaged } from './faults'
import { groupsOf, type ImageGroup } from './groups'
import { LABELLED, listImageRecords, type ImageRecord } from './images'
import type { Project } from './project'
import { getSetting, setSetting } from './settings'

const SETTING = 'splits'

/** How this project's splits are drawn. @throws JaccardError `bad-input` where the project is damaged */
export function splitSettings(project: Project): SplitSettings {
  const text = getSetting(project, SETTING)
  if (text === undefined) return SPLIT_DEFAULTS
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw damaged(project.path, error)
  }
}

/** Draws splits in another way from now on; what is drawn already stays. */
export function setSplitSettings(project: Project, settings: SplitSettings): void {
  setSetting(project, SETTING, JSON.stringify(settings))
}

/** Labelled images that go into one split together. */
interface LabelledGroup extends Group {
  images: ImageRecord[]
  /** The split that one of them has already, an own choice before a drawn one. */
  split: Split | null
}

const isLabelled = ({ state }: ImageRecord) => LABELLED.includes(state)

/**
 * Draws a split for the labelled images that have none yet, so that of all labelled images the wanted share is kept
 * for the test, and of the others the wanted share validates, at least one group of two. Stratified by the share of
 * foreground. Images that belong together go where the first of them went. What is drawn depends on the
 * project's settings and the images alone, not on their order. Images that have a split keep it.
 *
 * @returns The ids of the images that got a split.
 */
export function drawSplits(project: Project): number[] {
  const images = listImageRecords(project)
  if (!images.some((image) => image.split === null && isLabelled(image))) return []
  const { grouping, validationShare, testShare, seed } = splitSettings(project)
  return project.transaction(() => {
    const groups = labelledGroups(groupsOf(project, images, grouping), seed)
    const open = groups.filter(({ split }) => split === null)
    const inSplit = (split: Split) => groups.filter((group) => group.split === split)
    // Something has to be left to learn from, and to validate with.
    const reserved = ['train' as const, 'validation' as const].filter((split) => inSplit(split).length === 0)

    const test = drawGroups(
      open,
      Math.round(testShare * sizeOf(groups)) - sizeOf(inSplit('test')),
      open.length - reserved.length
    )
    const left = open.filter((group) => !test.has(group))
    const learned = groups.filter((group) => group.split !== 'test' && !test.has(group))
    const wanted = learned.length < 2 ? 0 : Math.max(1, Math.round(validationShare * sizeOf(learned)))
    const validation = drawGroups(
      left,
      wanted - sizeOf(inSplit('validation')),
      left.length - (reserved.includes('train') ? 1 : 0)
    )

    const drawn: number[] = []
    for (const group of groups) {
      const split = group.split ?? (test.has(group) ? 'test' : validation.has(group) ? 'validation' : 'train')
      for (const image of group.images) {
        if (image.split !== null) continue
        project.run('UPDATE image SET split = ? WHERE id = ?', split, image.id)
        drawn.push(image.id)
      }
    }
    return drawn
  })
}

/**
 * Draws all splits anew, in the way that the settings say; own choices stay. A test set stays as well, as long as its
 * share and the grouping do: a set that is drawn until it pleases is no test.
 *
 * @returns The ids of the images whose split is another one now.
 */
export function drawAgain(project: Project, settings: SplitSettings): number[] {
  return project.transaction(() => {
    const old = splitSettings(project)
    const keepsTest = old.testShare === settings.testShare && old.grouping === settings.grouping
    const before = new Map(listImageRecords(project).map(({ id, split }) => [id, split]))
    setSplitSettings(project, settings)
    project.run(
      `UPDATE image SET split = NULL WHERE split_own_choice = 0 ${keepsTest ? `AND split <> 'test'` : ''}`
    )
    drawSplits(project)
    return listImageRecords(project).flatMap(({ id, split }) => (before.get(id) === split ? [] : [id]))
  })
}

/**
 * Where the labelled images outside of the test set are when one fold of a cross-validation validates.
 *
 * The division follows from the project's settings and images alone, so that all runs of a cross-validation share
 * it, whatever their own seeds.
 *
 * @param choice.fold From 1.
 * @throws JaccardError `bad-input` for fewer groups than folds.
 */
export function foldSplits(
  project: Project,
  { folds, fold }: { folds: number; fold: number }
): Map<number, 'train' | 'validation'> {
  const { grouping, seed } = splitSettings(project)
  const all = groupsOf(project, listImageRecords(project), grouping)
  const groups = labelledGroups(
    all.map((group) => ({ ...group, images: group.images.filter(({ split }) => split !== 'test') })),
    seed
  )
  const parts = foldsOf(groups, folds)
  return new Map(
    groups.flatMap(({ images }, i) =>
      images.map(({ id }) => [id, parts[i] === fold - 1 ? 'validation' : 'train'] as const)
    )
  )
}

function labelledGroups(groups: ImageGroup[], seed: number): LabelledGroup[] {
  return groups.flatMap(({ images }) => {
    const labelled = images.filter(isLabelled)
    if (labelled.length === 0) return []
    const placed = labelled.filter(({ split }) => split !== null)
    const names = labelled.map(({ name }) => name).sort()
    const contents = [...new Set(labelled.map(({ sha }) => sha))].sort()
    return [
      {
        images: labelled,
        split: (placed.find(({ splitOwnChoice }) => splitOwnChoice) ?? placed[0])?.split ?? null,
        size: labelled.length,
        foregroundShare: labelled.reduce((sum, image) => sum + image.foregroundShare, 0) / labelled.length,
        draw: createRandom(seed, 'split', ...contents, ...names).uniform()
      }
    ]
  })
}

/** The groups whose labelled images are in different splits, with those of their images that have one. */
export function tornGroups(project: Project): ImageGroup[] {
  return groupsOf(project, listImageRecords(project), splitSettings(project).grouping)
    .map((group) => ({
      ...group,
      images: group.images.filter((image) => isLabelled(image) && image.split !== null)
    }))
    .filter(({ images }) => new Set(images.map(({ split }) => split)).size > 1)
}
