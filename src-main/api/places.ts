import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this host keeps things. `JACCARD_HOME` moves all of it into one folder. */
export interface Places {
  /** Where new projects are suggested. */
  projects: string
  /** What the host itself remembers. */
  state: string
  /** What can be made again at any time. */
  cache: string
}

/** The places of this machine's user. */
export function places(environment: NodeJS.ProcessEnv = process.env): Places {
  const own = environment['JACCARD_HOME']
  if (own) {
    return { projects: join(own, 'projects'), state: join(own, 'state'), cache: join(own, 'cache') }
  }
  const config = environment['XDG_CONFIG_HOME'] || join(homedir(), '.config')
  const cache = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return {
    projects: join(homedir(), 'Jaccard'),
    state: join(config, 'jaccard'),
    cache: join(cache, 'jaccard')
  }
}
