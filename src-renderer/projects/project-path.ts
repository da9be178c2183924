/** The ending of project files. */
export const ENDING = '.jaccard'

/**
 * Why a name cannot be a project's; null if it can. The rules are those of the strictest system, so that a project
 * can be carried to every machine.
 */
export function faultOfName(name: string): string | null {
  const trimmed = name.trim()
  if (trimmed === '') return 'Give the project a name.'
  if (trimmed.length > 100) return 'Use at most 100 characters.'
  // eslint-disable-next-line no-control-regex
  if (/[<>:"/\\|?*\u0000-\u001f]/.test(trimmed)) return 'Leave out the characters < > : " / \\ | ? *'
  if (/^\.|\.$/.test(trimmed)) return 'A name cannot begin or end with a dot.'
  return null
}

/** The file of a project in a folder, written as the folder is. */
export function projectPath(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/'
  const base = name.trim().replace(/\.jaccard$/i, '')
  return `${folder.replace(/[\\/]$/, '')}${separator}${base}${ENDING}`
}
