import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { JaccardError } from '#core/errors'

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
