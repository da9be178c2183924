import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { JaccardError } from '#core/errors'

/** What `npm run build` makes for plain browsers, by file name. */
export interface WebParts {
  /** Written into every exported model as they are. */
  bundle: Map<string, Buffer>
  /** The page that checks an exported model. */
  verify: Map<string, Buffer>
}

/**
 * Reads the built browser files.
 *
 * @param folder Where `scripts/build-web.mjs` wrote them.
 * @throws JaccardError `missing-part` if they were not built.
 */
export async function readWebParts(folder = join(app().root, 'out/web')): Promise<WebParts> {
  return {
    bundle: await readFolder(join(folder, 'bundle')),
    verify: await readFolder(join(folder, 'verify'))
  }
}

/** The app's own version and folder, whether it runs from source, from `out/` or packed. */
export function app(): { root: string; version: string } {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const description = readDescription(join(folder, 'package.json'))
    if (description?.name === 'jaccard') return { root: folder, version: description.version }
  }
  throw new JaccardError('missing-part', 'The app’s package.json is missing; install Jaccard again.')
}

function readDescription(file: string): { name: string; version: string } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string }
  } catch {
    return null
  }
}

async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new JaccardError('missing-part', `The web parts are missing in ${folder}; run "npm run build".`, {
      cause
    })
  })
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const))
  )
}
