/** The entry of `jaccard.js`: a plain script that leaves one global behind. `jaccard.mjs` re-exports it. */
import { load } from './model'

Object.assign(globalThis, { Jaccard: { load } })
