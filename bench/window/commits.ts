import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wire } from '#core/api/wire'
import type { StrokeInput } from '#core/api/values'
import { decodeMask } from '#core/mask/codec'
import { beginStroke, changedTiles } from '#core/mask/paint'
import { paintSegment } from '#core/mask/segment'
import { BACKGROUND, FOREGROUND } from '#core/mask/values'
import { createHost } from '#main/api/host'
import { places } from '#main/api/places'
import { router } from '#main/api/router'
import { forkTrainer } from '#main/training/fork.node'
import { percentile, spreadOf, table } from './figures'
import { DIAMETER, LARGE, largeProject } from './projects'
import { placeAt, type Box } from './strokes'

/** The part of the image over which the strokes go. */
const PARTS = { 'the whole image': LARGE, 'a window at 100 %': { ...LARGE, width: 1500, height: 900 } }

/**
 * Strokes that are saved, in the host's time, from the message to the answer.
 *
 * @returns Its part of the report.
 */
export async function saving({ commits }: { commits: number }): Promise<string[]> {
  const file = await largeProject()
  const rows: (string | number)[][] = []
  for (const [name, box] of Object.entries(PARTS)) {
    const stroke = { box, seconds: 2.4, hertz: 125, diameter: DIAMETER }
    const { milliseconds, tiles } = await measureCommits(file, commits, stroke)
    rows.push([name, milliseconds.length, percentile(tiles, 0.5), ...spreadOf(milliseconds, 0.99)])
  }
  return [
    '### Stroke to durable',
    '',
    `Milliseconds of host time from the message of \`masks.commit\` to its answer, of strokes like those above, one after the ` +
      'other in a real project file.',
    '',
    ...table(['strokes over', 'strokes', 'tiles each, median', 'p50', 'p99', 'max'], rows)
  ]
}

/** Commits of strokes, in milliseconds of the host's time, and how many tiles they changed. */
interface CommitTimes {
  milliseconds: number[]
  tiles: number[]
}

/**
 * Saves strokes one after the other in a copy of a project's first image, as a host does: the message is decoded and
 * validated, the stroke written with its undo step until it is on the disk, the answer encoded. The host is this
 * process, so that nothing of the way from and to the window counts.
 *
 * @param stroke The part of the image that is painted, how long, with a brush of which diameter.
 */
async function measureCommits(
  file: string,
  count: number,
  stroke: { box: Box; seconds: number; hertz: number; diameter: number }
): Promise<CommitTimes> {
  const home = await mkdtemp(join(tmpdir(), 'jaccard-bench-home-'))
  const copy = join(home, 'copy.jaccard')
  await cp(file, copy)
  const host = createHost({
    kind: 'serve',
    places: places({ JACCARD_HOME: home }),
    startTrainer: forkTrainer
  })
  try {
    await host.services.project.open(copy)
    const procedures = router.createCaller({ services: host.services })
    const imageId = (await procedures.images.list())[0]!.id
    const content = await procedures.masks.read({ imageId })
    const mask = decodeMask(content.width, content.height, content.tiles)
    const times: CommitTimes = { milliseconds: [], tiles: [] }
    let { revision } = content
    for (let number = 0; number < count; number++) {
      const tiles = paint(mask, number, stroke)
      if (tiles.length === 0) continue
      const message = wire.encode({ imageId, revision, tool: 'brush', tiles })
      const started = performance.now()
      const change = await procedures.masks.commit(wire.decode(message) as StrokeInput)
      wire.encode(change)
      times.milliseconds.push(performance.now() - started)
      times.tiles.push(tiles.length)
      revision = change.revision
    }
    return times
  } finally {
    await host.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** Every third stroke takes away, so that there is always something to change. */
function paint(
  mask: Parameters<typeof changedTiles>[0],
  number: number,
  { box, seconds, hertz, diameter }: Parameters<typeof measureCommits>[2]
): ReturnType<typeof changedTiles> {
  const stroke = beginStroke()
  const value = number % 3 === 2 ? BACKGROUND : FOREGROUND
  let last = placeAt(box, 0, number)
  for (let i = 1; i <= seconds * hertz; i++) {
    const next = placeAt(box, i / hertz, number)
    paintSegment(mask, stroke, last, next, diameter / 2, value)
    last = next
  }
  return changedTiles(mask, stroke)
}
