import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { RecentProject } from '#core/api/values'

const KEPT = 20

const stored = z.object({ projects: z.array(z.object({ path: z.string(), openedAt: z.string() })) })

/** The projects that were opened last on this machine, newest first. */
export interface RecentProjects {
  list(): Promise<RecentProject[]>
  /** Puts a project first. A folder that cannot be written loses the memory, never the project. */
  remember(path: string): Promise<void>
}

/** Keeps the list in `recent.json` of `folder`; a missing or damaged file is an empty list. */
export function recentProjects(folder: string): RecentProjects {
  const file = join(folder, 'recent.json')

  async function read() {
    try {
      return stored.parse(JSON.parse(await readFile(file, 'utf8'))).projects
    } catch {
      return []
    }
  }

  return {
    list: async () =>
      (await read()).map(({ path, openedAt }) => ({
        path,
        name: basename(path, '.jaccard'),
        openedAt,
        exists: existsSync(path)
      })),
    remember: async (path) => {
      const others = (await read()).filter((project) => project.path !== path)
      const projects = [{ path, openedAt: new Date().toISOString() }, ...others].slice(0, KEPT)
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(`${file}.new`, JSON.stringify({ projects }, null, 2))
        await rename(`${file}.new`, file)
      } catch {
        return
      }
    }
  }
}
