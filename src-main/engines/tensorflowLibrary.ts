import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The TensorFlow that `npm run engine:tensorflow` takes out of the Python wheel. No newer one: from 2.17 to 2.21 some
 * convolutions end the process ("uint8 expected, got float"), the transposed one's gradient at stride 32 among them.
 */
export const TENSORFLOW_VERSION = '2.16.2'

/**
 * Where `npm run engine:tensorflow` puts TensorFlow and the binding to Node: in the user's cache (`JACCARD_HOME`
 * moves it), since hundreds of megabytes in node_modules would be gone with the next `npm ci`.
 */
export function libraryFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['JACCARD_HOME']
  const cache = own
    ? join(own, 'cache')
    : join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'jaccard')
  return join(cache, `tensorflow-${TENSORFLOW_VERSION}-${process.platform}-${process.arch}`)
}

/** The file name of the binding, in that folder as in the package's own. */
export const BINDING = 'tfjs_binding.node'
