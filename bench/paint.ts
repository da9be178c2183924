// `npm run bench:paint`: how fast a stroke is on screen and on the disk, and what memory a walk through the images
// takes, in Chromium with a host of its own; appended to RESULTS.md. `-- painting`, `saving`, `walking` and `large` are its parts.
import { parseArgs } from 'node:util'
import { saving } from './window/commits'
import { large } from './window/large'
import { painting } from './window/painting'
import { report } from './window/report'
import { walking } from './window/walk'

const words = process.argv.slice(2)
const { values, positionals } = parseArgs({
  args: words,
  allowPositionals: true,
  allowNegative: true,
  options: {
    size: { type: 'string', default: '1920x1080' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    record: { type: 'boolean', default: true }
  }
})
const [width, height] = values.size.split('x').map(Number) as [number, number]
/** Small counts only show that the bench works. */
const counts = values.quick
  ? { strokes: 1, seconds: 0.4, commits: 20, stops: [2, 4] }
  : { strokes: 4, seconds: 2.4, commits: 500, stops: [100, 300, 500] }
const options = { ...counts, width, height, profile: values.profile }

const PARTS = { painting, saving, walking, large }
const chosen = Object.entries(PARTS).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name)
)
const lines: string[] = []
for (const [, part] of chosen) lines.push(...(lines.length > 0 ? [''] : []), ...(await part(options)))
await report('bench:paint', words, { lines, record: values.record && !values.quick })
