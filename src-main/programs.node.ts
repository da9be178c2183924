import { existsSync } from 'node:fs'

/** A program that Node starts as a process or a thread. */
export interface Program {
  file: URL
  execArgv: string[]
}

const at = (place: string) => new URL(place, import.meta.url)

/** Where each program's source is, by the name of its build. */
const SOURCES = {
  trainer: at('./training/trainer.node.ts'),
  batches: at('./training/batches.worker.node.ts'),
  pixels: at('./images/pixels.worker.node.ts')
}

/** A built program beside this file's own build, or its source where this file itself runs from source. */
export function programOf(name: keyof typeof SOURCES): Program {
  if (import.meta.url.endsWith('.ts')) {
    return { file: SOURCES[name], execArgv: ['--import', at('../scripts/sources.mjs').href] }
  }
  const places = [at(`./${name}.js`), at(`../${name}.js`)]
  return { file: places.find((place) => existsSync(place)) ?? places[0]!, execArgv: [] }
}
