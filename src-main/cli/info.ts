import type { JoinedGroup, ProjectSummary, SplitOverview } from '#core/api/values'
import { wordsOnLooks } from '#core/learning/testSet'
import { summaryOf } from '#main/api/opened'
import { splitOverview } from '#main/api/splits'
import { withProject } from './project'
import { fixed, table, type Terminal } from './terminal'

/** `jaccard info`: images by state and split, class balance, runs. */
export async function info(file: string, _options: object, terminal: Terminal): Promise<void> {
  await withProject(file, terminal, async ({ project, training, fingerprints }) => {
    await fingerprints()
    const summary = summaryOf(project)
    const runs = training.runs()
    const splits = splitOverview(project)
    const rows = runs.map((run) => [
      run.id,
      run.status,
      run.config.loss,
      run.config.architecture,
      run.engine ?? '–',
      run.steps,
      fixed(run.best?.mIoU),
      fixed(run.best?.iou1)
    ])
    const heading = ['run', 'status', 'loss', 'architecture', 'engine', 'steps', 'mIoU', 'IoU']
    terminal.result(
      { ...summary, runs, splits },
      [
        summary.path,
        describeImages(summary.images),
        ...describeSplits(splits),
        runs.length ? table([heading, ...rows]) : 'no runs yet'
      ].join('\n')
    )
  })
}

/** Groups, looks at the test set, and runs whose images were drawn elsewhere since, a line each. */
function describeSplits({ settings, groups, joined, looks, moved }: SplitOverview): string[] {
  const lines: string[] = []
  if (joined.length > 0) {
    const by = settings.grouping === 'none' ? '' : `, grouped by ${settings.grouping}`
    lines.push(`${groups} groups that stay together${by}:`)
    for (const { images, names, alike } of joined)
      lines.push(`  ${groupInWords(images, names, alike.length > 0)}`)
  }
  if (looks.length > 0) {
    const dates = looks.map(
      ({ runId, lookedAt }) => `${runId === null ? 'a removed run' : `run ${runId}`} ${lookedAt.slice(0, 10)}`
    )
    lines.push(
      [`looks at the test set: ${dates.join(', ')}.`, wordsOnLooks(looks.length)].filter(Boolean).join(' ')
    )
  }
  for (const { runId, images } of moved) {
    lines.push(`run ${runId}: ${images} of its images are in another split now`)
  }
  return lines
}

function groupInWords(images: JoinedGroup['images'], names: string[], alike: boolean): string {
  const shown = images.slice(0, 3).map(({ name }) => name)
  const rest = images.length > 3 ? ` and ${images.length - 3} more` : ''
  return `${[...names, ...(alike ? ['look alike'] : [])].join(', ')}: ${shown.join(', ')}${rest}`
}

/** Images by state, and by split with their class balance, as a table. */
export function describeImages({ total, byState, bySplit, inBin }: ProjectSummary['images']): string {
  const states = Object.entries(byState).map(([state, count]) => `${count} ${state}`)
  const splits = Object.entries(bySplit).map(([split, { images, foregroundShare }]) => [
    split,
    images,
    foregroundShare === null ? '' : `${(100 * foregroundShare).toFixed(1)} % foreground`
  ])
  const bin = inBin > 0 ? `; ${inBin} in the bin` : ''
  return `${total} images: ${states.join(', ')}${bin}\n${table(splits)}`
}
