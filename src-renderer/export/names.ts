import type { HostInfo, ProjectSummary } from '#core/api/values'

/**
 * Where an export goes if the person says nothing else: beside the projects, under the project's name.
 *
 * @param what `model`, `masks` or `report`.
 */
export function usualFolder(
  host: HostInfo | null,
  project: ProjectSummary | null,
  what: 'model' | 'masks' | 'report'
): string {
  if (!host || !project) return ''
  const separator = host.projectsFolder.includes('\\') ? '\\' : '/'
  return `${host.projectsFolder}${separator}${project.name}-${what}`
}

/** The last part of a path: the folder's own name. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path
}

/** What to put into a web page to use an exported folder that lies beside it. */
export function pageCode(folder: string): string {
  // Inside of quotes of both kinds.
  const name = encodeURIComponent(baseName(folder)).replaceAll("'", '%27')
  return `<script src="${name}/tf.min.js"></script>
<script src="${name}/jaccard.js"></script>
<script type="module">
  const model = await Jaccard.load('${name}/')
  const { width, height, mask } = await model.predict(document.querySelector('img'))
  // mask: Uint8Array, height × width, 1 = foreground
</script>`
}
