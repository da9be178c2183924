import type { ProjectSummary } from '#core/api/values'
import { summaryOf } from '#main/api/opened'
import { withProject } from './project'
import { fixed, table, type Terminal } from './terminal'

/** `jaccard info`: images by state and split, class balance, runs. */
export async function info(file: string, _options: object, terminal: Terminal): Promise<void> {
  await withProject(file, terminal, async ({ project, training }) => {
    const summary = summaryOf(project)
    const runs = training.runs()
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
      { ...summary, runs },
      [
        summary.path,
        describeImages(summary.images),
        runs.length ? table([heading, ...rows]) : 'no runs yet'
      ].join('\n')
    )
  })
}

/** Images by state, and by split with their class balance, as a table. */
export function describeImages({ total, byState, bySplit }: ProjectSummary['images']): string {
  const states = Object.entries(byState).map(([state, count]) => `${count} ${state}`)
  const splits = Object.entries(bySplit).map(([split, { images, foregroundShare }]) => [
    split,
    images,
    foregroundShare === null ? '' : `${(100 * foregroundShare).toFixed(1)} % foreground`
  ])
  return `${total} images: ${states.join(', ')}\n${table(splits)}`
}
