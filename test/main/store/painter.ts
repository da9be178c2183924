import { writeSync } from 'node:fs'
import { argv } from 'node:process'
import { openProject } from '#main/store/open'
import { loadMask, readMask } from '#main/store/masks'
import { saveStroke } from './strokes'

/** A program that paints until it is killed and says each revision once it is saved. Started by crash.test.ts. */
const project = await openProject(argv[2]!)
const mask = loadMask(project, 1)
for (let { revision } = readMask(project, 1); ;) {
  revision = saveStroke(project, 1, mask, revision).revision
  writeSync(1, `${revision}\n`)
}
