import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JaccardError } from '#core/errors'
import { app } from '#main/app'

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
