import type { Split } from '#core/api/values'
import { wordsOnLooks } from '#core/learning/testSet'
import { getImage } from '#main/store/images'
import { findRun } from '#main/store/runs'
import { listTestLooks } from '#main/store/testLooks'
import { withProject, type RunName } from './project'
import { fixed, table, type Terminal } from './terminal'

/** What `--split` may name. */
export const SPLIT_NAMES = {
  val: 'validation',
  train: 'train',
  test: 'test',
  all: 'all'
} as const satisfies Record<string, Split | 'all'>

/** `jaccard evaluate`: a run's metrics from fresh predictions, pooled and for each image. */
export async function evaluate(
  file: string,
  options: { run: RunName; split: keyof typeof SPLIT_NAMES; threshold?: number; unlockTest?: boolean },
  terminal: Terminal
): Promise<void> {
  await withProject(file, terminal, async ({ project, predictions }) => {
    const run = findRun(project, options.run)
    const threshold = options.threshold ?? run.threshold
    if (options.split === 'test' && options.unlockTest) {
      const looks = predictions.unlockTest(run.id)
      terminal.say(wordsOnLooks(looks.length) || 'This is the first look at the test set.')
    }
    const found = await predictions.evaluate(run.id, SPLIT_NAMES[options.split], threshold)
    const { pooled, interval, baselines, step, engine, device } = found
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
      {
        run: run.id,
        step,
        engine,
        device,
        split: options.split,
        threshold,
        pooled,
        interval,
        testLooks: listTestLooks(project).length,
        baselines,
        images
      },
      `Run ${run.id}, ${options.split}, threshold ${threshold}: mIoU ${fixed(pooled.mIoU)}` +
        (interval ? ` (95 %: ${fixed(interval.low)} to ${fixed(interval.high)})` : '') +
        `, foreground IoU ` +
        `${fixed(pooled.iou1)}, precision ${fixed(pooled.precision)}, recall ${fixed(pooled.recall)}\n` +
        table([['image', 'IoU', 'precision', 'recall'], ...rows])
    )
  })
}
