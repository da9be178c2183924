import type { Split } from '#core/api/values'
import { createRandom } from '#core/learning/random'
import { LABELLED, listImageRecords, type ImageRecord } from './images'
import type { Project } from './project'
import { getSetting, setSetting } from './settings'

/** The share of labelled pictures that validate. */
const VALIDATION_SHARE = 0.2

/** A labelled picture: all images of the same bytes, which must not be learned from and validated with at once. */
interface Picture {
  images: ImageRecord[]
  /** The split that one of its images has already. */
  split: Split | null
  foregroundShare: number
  draw: number
}

/** The seed from which this project's splits are drawn. */
export function splitSeed(project: Project): number {
  return Number(getSetting(project, 'split-seed') ?? 0)
}

/** Draws splits from another seed from now on; what is drawn already stays. */
export function setSplitSeed(project: Project, seed: number): void {
  setSetting(project, 'split-seed', String(seed))
}

/**
 * Draws train or validation for the labelled images that have no split yet, so that a fifth of the labelled
 * pictures validates, at least one of two. Stratified: sorted by their share of foreground, the new pictures are
 * cut into as many strata as validation lacks, and each gives one. Which one depends on the project's seed and the
 * pictures alone. Images that have a split keep it.
 *
 * @returns The ids of the images that got a split.
 */
export function drawSplits(project: Project): number[] {
  const seed = splitSeed(project)
  return project.transaction(() => {
    const pictures = picturesOf(
      listImageRecords(project).filter(({ state }) => LABELLED.includes(state)),
      seed
    )
    const drawn = pictures.filter(({ split }) => split === null)
    const trainOrValidation = pictures.filter(({ split }) => split !== 'test').length
    const wanted = trainOrValidation < 2 ? 0 : Math.max(1, Math.round(VALIDATION_SHARE * trainOrValidation))
    const present = pictures.filter(({ split }) => split === 'validation').length
    const trains = pictures.some(({ split }) => split === 'train')
    const lacking = Math.min(Math.max(0, wanted - present), drawn.length - (trains ? 0 : 1))
    const validation = oneOfEachStratum(drawn, lacking)

    const assigned: number[] = []
    for (const picture of pictures) {
      const split = picture.split ?? (validation.has(picture) ? 'validation' : 'train')
      for (const image of picture.images) {
        if (image.split !== null) continue
        project.run('UPDATE image SET split = ? WHERE id = ?', split, image.id)
        assigned.push(image.id)
      }
    }
    return assigned
  })
}

function picturesOf(images: ImageRecord[], seed: number): Picture[] {
  const bySha = new Map<string, ImageRecord[]>()
  for (const image of images) bySha.set(image.sha, [...(bySha.get(image.sha) ?? []), image])
  return [...bySha].map(([sha, copies]) => {
    const names = copies.map(({ name }) => name).sort()
    return {
      images: copies,
      split: copies.find(({ split }) => split !== null)?.split ?? null,
      foregroundShare: copies.reduce((sum, image) => sum + image.foregroundShare, 0) / copies.length,
      draw: createRandom(seed, 'split', sha, ...names).uniform()
    }
  })
}

/** Cuts the pictures, sorted by foreground, into equal parts and takes of each the one with the lowest draw. */
function oneOfEachStratum(pictures: Picture[], strata: number): Set<Picture> {
  const sorted = pictures.toSorted((a, b) => a.foregroundShare - b.foregroundShare || a.draw - b.draw)
  const chosen = new Set<Picture>()
  for (let i = 0; i < strata; i++) {
    const stratum = sorted.slice(
      Math.round((i * sorted.length) / strata),
      Math.round(((i + 1) * sorted.length) / strata)
    )
    chosen.add(stratum.reduce((lowest, picture) => (picture.draw < lowest.draw ? picture : lowest)))
  }
  return chosen
}
