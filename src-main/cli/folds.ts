import { JaccardError } from '#core/errors'
import type { TrainConfig } from '#core/learning/config'
import { deviationOf, meanOf } from '#core/learning/statistics'
import { fixed, table, type Terminal } from './terminal'
import type { RunWithModel } from './train'

/**
 * `jaccard train --folds K`: a run for every fold, and what they say together. The spread is that of the folds, whose
 * training images are mostly the same: it shows how much depends on which images validate, and is no interval.
 *
 * @param config With the first fold.
 * @param run Trains to the end. @throws JaccardError `cancelled` when a run was, after which no other one starts.
 */
export async function crossValidate(
  config: TrainConfig,
  run: (config: TrainConfig) => Promise<RunWithModel>,
  terminal: Terminal
): Promise<void> {
  const folds: { fold: number; run: number; step: number | null; best: RunWithModel['best'] }[] = []
  for (let fold = 1; fold <= config.folds!; fold++) {
    terminal.say(`Fold ${fold} of ${config.folds}`)
    const { id, best, bestStep, status } = await run({ ...config, fold })
    if (status === 'cancelled') {
      throw new JaccardError(
        'cancelled',
        `Run ${id} was cancelled in fold ${fold} of ${config.folds}; what has finished is kept.`
      )
    }
    folds.push({ fold, run: id, step: bestStep, best })
  }
  const over = (of: (values: number[]) => number) => ({
    mIoU: of(folds.map(({ best }) => best.mIoU)),
    iou1: of(folds.map(({ best }) => best.iou1))
  })
  const mean = over(meanOf)
  const deviation = over(deviationOf)
  const rows = folds.map(({ fold, run, best }) => [fold, run, fixed(best.mIoU), fixed(best.iou1)])
  terminal.result(
    {
      folds: folds.map(({ best: { threshold, mIoU, iou1, iou0, precision, recall }, ...rest }) => ({
        ...rest,
        ...{ threshold, mIoU, iou1, iou0, precision, recall }
      })),
      mean,
      deviation
    },
    `${table([['fold', 'run', 'mIoU', 'foreground IoU'], ...rows])}\n` +
      `Mean over ${folds.length} folds: mIoU ${fixed(mean.mIoU)} ± ${fixed(deviation.mIoU)}, ` +
      `foreground IoU ${fixed(mean.iou1)} ± ${fixed(deviation.iou1)} (standard deviation)`
  )
}
