import type { JoinedGroup, SplitOverview } from '#core/api/values'
import { groupsOf, type ImageGroup } from '#main/store/groups'
import { classBalance, LABELLED, listImageRecords } from '#main/store/images'
import type { Project } from '#main/store/project'
import { movedImages } from '#main/store/runs'
import { splitSettings } from '#main/store/splits'
import { listTestLooks } from '#main/store/testLooks'

/** How a project's labelled images are divided. */
export function splitOverview(project: Project): SplitOverview {
  const settings = splitSettings(project)
  const images = listImageRecords(project)
  const labelled = new Set(images.flatMap(({ id, state }) => (LABELLED.includes(state) ? [id] : [])))
  const groups = groupsOf(project, images, settings.grouping)
    .map((group) => ({ ...group, images: group.images.filter(({ id }) => labelled.has(id)) }))
    .filter((group) => group.images.length > 0)
  const nameOf = new Map(images.map(({ id, name }) => [id, name]))
  return {
    settings,
    balance: classBalance(project),
    ownChoices: images.filter(({ id, splitOwnChoice }) => splitOwnChoice && labelled.has(id)).length,
    groups: groups.length,
    joined: groups.filter((group) => group.images.length > 1).map((group) => joinedGroup(group, nameOf)),
    looks: listTestLooks(project),
    moved: movedImages(project)
  }
}

function joinedGroup({ images, names, alike }: ImageGroup, nameOf: Map<number, string>): JoinedGroup {
  return {
    images: images.map(({ id, name, split }) => ({ id, name, split })),
    names,
    alike: alike.map(({ image, like, likeness }) => ({
      image: nameOf.get(image)!,
      like: nameOf.get(like)!,
      likeness
    }))
  }
}
