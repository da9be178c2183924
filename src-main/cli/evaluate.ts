import type { Split } from '#core/api/values'
import { getImage } from '#main/store/images'
import { findRun } from '#main/store/runs'
import { withProject, type RunName } from './project'
import { fixed, table, type Terminal } from './terminal'

/** What `--split` may name. */
export const SPLIT_NAMES = { val: 'validation', train: 'train', all: 'all' } as const satisfies Record<
  string,
  Split | 'all'
>

/** `jaccard evaluate`: a run's metrics from fresh predictions, pooled and for each image. */
export async function evaluate(
  file: string,
  options: { run: RunName; split: keyof typeof SPLIT_NAMES; threshold?: number },
  terminal: Terminal
): Promise<void> {
  await withProject(file, terminal, async ({ project, predictions }) => {
    const run = findRun(project, options.run)
    const threshold = options.threshold ?? run.threshold
    const found = await predictions.evaluate(run.id, SPLIT_NAMES[options.split], threshold)
    const { pooled, baselines, step, engine, device } = found
    const images = found.images.map(({ imageId, metrics }) => ({
      image: getImage(project, imageId).name,
      ...metrics
    }))
    const rows = images.map(({ image, iou1, precision, recall }) => [
      image,
      fixed(iou1),
      fixed(precision),
      fixed(recall)
    ])
    terminal.result(
      { run: run.id, step, engine, device, split: options.split, threshold, pooled, baselines, images },
      `Run ${run.id}, ${options.split}, threshold ${threshold}: mIoU ${fixed(pooled.mIoU)}, foreground IoU ` +
        `${fixed(pooled.iou1)}, precision ${fixed(pooled.precision)}, recall ${fixed(pooled.recall)}\n` +
        table([['image', 'IoU', 'precision', 'recall'], ...rows])
    )
  })
}
