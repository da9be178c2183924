import { conclusion, difference, findings } from './claims'
import { SEEDS, SIZE, SMALL, STEPS, type Dataset } from './plan'
import type { Result } from './results'

/** A dataset with what was found on it. */
export interface Chapter {
  dataset: Dataset
  results: Result[]
  /** The command that made each result. */
  commands: string[]
}

/** `docs/experiment.md`. @param head Machine, versions and date, one line. */
export function pageOf(head: string, chapters: Chapter[]): string {
  return [
    '# The experiment, repeated',
    '',
    'IoU is to segmentation what F1 is to classification, and the usual loss is a proxy for it. This page trains one ' +
      'network with the IoU loss and with cross entropy on the same split, from the same weights, with the same ' +
      'batches, and asks of every claim whether it holds here. Made by `npm run experiment`, which goes on where it ' +
      'was interrupted; the projects with every run stay in `.cache/experiment` and can be opened in the app.',
    '',
    `It is to be made in two hours on two cores, so runs are short: ${STEPS} steps at ${SIZE}². Longer ones score higher; ` +
      `what counts is the difference between two that got the same.`,
    '',
    head,
    '',
    ...chapters.flatMap(chapterOf)
  ].join('\n')
}

function chapterOf({ dataset, results, commands }: Chapter): string[] {
  const found = findings(results)
  const inShort = conclusion(found)
  return [
    `## ${dataset.name}`,
    '',
    dataset.about,
    '',
    '| claim | figures | held | by race |',
    '| --- | --- | --- | --- |',
    ...found.map(({ claim, figures, held, by }) => {
      const races = by.map((result) => results.indexOf(result) + 1).join(', ')
      return `| ${claim} | ${figures} | ${held === null ? 'unknown' : held ? 'yes' : 'no'} | ${races} |`
    }),
    '',
    ...(inShort ? [inShort, ''] : []),
    'Differences are IoU loss − cross entropy, each at the threshold that serves it best, with the 95 % interval over ' +
      `${SEEDS} seeds. Objects are those of the validation labels, found by an IoU of at least 0.5.`,
    '',
    '| race | network | learning rate | batch | ReLU | mIoU, IoU loss | mIoU, cross entropy | difference | flat runs | objects found | minutes |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...results.map(row),
    '',
    ...(results[0] ? [baselinesLine(results[0]), '', timeLine(results), ''] : []),
    ...(commands.length ? ['```sh', ...commands.map((command, i) => `${command} # ${i + 1}`), '```', ''] : [])
  ]
}

function row(result: Result, index: number): string {
  const { condition, outcome, runs } = result
  const [iou, xent] = outcome.losses
  const flat = (loss: string) => runs.filter((run) => run.flat && run.loss === loss).length
  const cells = [
    index + 1,
    condition.architecture === SMALL ? 'VGG6xs' : 'VGG6s',
    condition.learningRate,
    condition.batch,
    condition.reluLogits ? 'yes' : 'no',
    iou.metrics.mIoU.toFixed(3),
    xent.metrics.mIoU.toFixed(3),
    difference(outcome.differences.mIoU),
    `${flat('iou')}, ${flat('xent')}`,
    `${iou.found.toFixed(1)}, ${xent.found.toFixed(1)} of ${iou.objects}`,
    minutesOf(result).toFixed(1)
  ]
  return `| ${cells.join(' | ')} |`
}

/** As if every run had taken as long as the fastest one: what else the machine does in two hours does not count. */
function minutesOf({ runs }: Result): number {
  return (Math.min(...runs.map(({ seconds }) => seconds)) * runs.length) / 60
}

function timeLine(results: readonly Result[]): string {
  const minutes = results.reduce((sum, result) => sum + minutesOf(result), 0)
  return (
    `Altogether ${minutes.toFixed(0)} minutes. The minutes of a row are its runs times the fastest of them, so ` +
    'that other work on the machine does not count.'
  )
}

function baselinesLine({ baselines }: Result): string {
  const { background, foreground, meanMask } = baselines
  return (
    `Baselines, mIoU: always background ${background.toFixed(3)}, always foreground ${foreground.toFixed(3)}, the ` +
    `mean mask ${meanMask.toFixed(3)}.`
  )
}
