import { mkdir, readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { FolderListing } from '#core/api/values'
import { JaccardError } from '#core/errors'

type Entry = FolderListing['entries'][number]

/**
 * The folders and project files in a folder, by name; hidden ones are left out. Without a path: the projects
 * folder, made if need be, or the home folder where it cannot be made. Throws `not-found` for a path that is no
 * readable folder.
 */
export async function listFolder(path: string | null, projects: string): Promise<FolderListing> {
  const folder = path === null ? await startFolder(projects) : resolve(path)
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new JaccardError('not-found', `The folder ${folder} cannot be read (${cause.code}).`, { cause })
  })
  const entries = await Promise.all(
    names.filter((name) => !name.startsWith('.')).map((name) => entryOf(join(folder, name), name))
  )
  const parent = dirname(folder)
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    entries: entries
      .filter((entry) => entry !== null)
      .sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name))
  }
}

async function startFolder(projects: string): Promise<string> {
  return mkdir(projects, { recursive: true }).then(
    () => projects,
    () => homedir()
  )
}

async function entryOf(path: string, name: string): Promise<Entry | null> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) return { name, path, kind: 'folder' }
  if (found?.isFile() && name.endsWith('.jaccard')) return { name, path, kind: 'project' }
  return null
}
