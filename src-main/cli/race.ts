import { InvalidArgumentError } from 'commander'
import type { RaceProgress, RaceSummary, RunSummary } from '#core/api/values'
import { JaccardError } from '#core/errors'
import { LOSSES, type LossName, type TrainConfig } from '#core/learning/config'
import { LOSS_NAMES } from '#core/learning/lossNames'
import { raceConfig, raceOf } from '#core/learning/race/config'
import { outcomeOf, RACE_METRICS, signed, type RaceOutcome } from '#core/learning/race/outcome'
import type { Opened } from '#main/api/opened'
import { trainConfigOf, type TrainOptions } from './options'
import { withProject } from './project'
import { fixed, table, type Terminal } from './terminal'

/** What `race` was asked for beside the settings that its runs have in common. */
export interface RaceOptions extends Omit<TrainOptions, 'loss'> {
  losses: LossName[]
  seeds: number
}

/** A parser for the name of a loss. */
export function lossName(text: string): LossName {
  const loss = LOSSES.find((name) => name === text)
  if (loss) return loss
  throw new InvalidArgumentError(`There is no loss "${text}"; losses are ${LOSSES.join(', ')}.`)
}

/** `jaccard race`: two losses with several seeds, one run after the other; Ctrl-C ends it and keeps what is done. */
export async function race(file: string, options: RaceOptions, terminal: Terminal): Promise<void> {
  const [first, second, ...more] = options.losses
  if (!first || !second || more.length > 0 || first === second) {
    throw new JaccardError('usage', '--losses has to name two different losses, as in --losses iou,xent.')
  }
  await withProject(file, terminal, async ({ training, races }) => {
    const { config, archBecause } = await trainConfigOf(options, training.choose)
    if (archBecause !== null) terminal.say(archBecause)
    const { warnings } = await training.overview(config)
    for (const warning of warnings) terminal.say(`Note: ${warning}`)

    const raceId = await races.start(raceConfig.parse(raceOf(config, [first, second], options.seeds)))
    const cancel = () => races.cancel(raceId)
    terminal.signal.addEventListener('abort', cancel)
    if (terminal.signal.aborted) cancel()
    const tell = teller(config, terminal)
    for await (const event of races.subscribe(raceId, new AbortController().signal)) tell(event)
    terminal.signal.removeEventListener('abort', cancel)
    conclude(races.race(raceId), training, terminal)
  })
}

/** Says what happens: which run it is, its progress, and the difference as soon as a pair is done. */
function teller(config: TrainConfig, terminal: Terminal): (event: RaceProgress) => void {
  let known: RaceSummary | null = null
  const told = new Set<number>()
  return (event) => {
    if (event.type === 'run') {
      const { progress, runId } = event
      if (progress.type === 'preparing') terminal.progress(progress.done, progress.total, 'images prepared')
      else if (progress.type === 'step') {
        terminal.progress(progress.step, config.steps ?? progress.step, `steps of run ${runId}`)
      } else if (progress.type === 'notice') terminal.say(`Run ${runId}: ${progress.message}`)
      return
    }
    const { race } = event
    if (known === null) {
      terminal.say(`Race ${race.id}: ${race.runs.length} runs of ${config.architecture} on ${race.engine}`)
      if (race.chosenBecause !== null) terminal.say(race.chosenBecause)
    }
    race.runs.forEach(({ runId, loss, seed, status }, i) => {
      if (runId === null || told.has(runId) || status !== 'running') return
      told.add(runId)
      terminal.say(`Run ${runId}, ${i + 1} of ${race.runs.length}: ${LOSS_NAMES[loss]}, seed ${seed}`)
    })
    for (const pair of race.pairs.slice(known?.pairs.length ?? 0)) {
      const [a, b] = pair.runs.map(({ metrics }) => metrics.mIoU) as [number, number]
      const [left, right] = race.config.losses.map((loss) => LOSS_NAMES[loss])
      terminal.say(
        `Seed ${pair.seed}: mIoU ${fixed(a)} with ${left}, ${fixed(b)} with ${right}, difference ${signed(a - b)}`
      )
    }
    known = race
  }
}

function conclude(race: RaceSummary, training: Opened['training'], terminal: Terminal): void {
  const outcome = outcomeOf(race.config.losses, race.pairs)
  const runs = race.runs.flatMap(({ runId }) => (runId === null ? [] : training.run(runId)))
  terminal.result(resultOf(race, outcome, runs), wordsOf(race, outcome, runs))
  if (race.status === 'cancelled') {
    throw new JaccardError('cancelled', `Race ${race.id} was cancelled; the runs that are done are kept.`)
  }
  if (race.status !== 'done') {
    throw new JaccardError('training-failed', race.message ?? `Race ${race.id} ended as ${race.status}.`)
  }
}

/** The race for a program. Differences are first loss − second loss. */
function resultOf(race: RaceSummary, outcome: RaceOutcome | null, runs: RunSummary[]) {
  const { id, status, config, engine, message } = race
  const judged = race.pairs.flatMap((pair) => pair.runs)
  return {
    race: id,
    status,
    engine,
    arch: config.shared.architecture,
    losses: config.losses,
    seeds: config.seeds,
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
    baselines: runs.find(({ baselines }) => baselines !== null)?.baselines ?? null,
    runs: race.runs.map(({ loss, seed, runId, status }) => {
      const run = runs.find((other) => other.id === runId)
      const of = judged.find((other) => other.runId === runId)
      return {
        ...{ loss, seed, run: runId, status: status ?? 'not started' },
        ...{ steps: run?.steps ?? 0, seconds: run?.seconds ?? 0, flat: run?.flat ?? false },
        threshold: of?.metrics.threshold ?? null,
        best: of && run ? { step: run.bestStep, ...of.metrics } : null,
        objects: of?.objects ?? null,
        recoveredFalseNegatives: of?.recovered ?? null,
        addedFalsePositives: of?.added ?? null
      }
    }),
    differences: outcome?.differences ?? null,
    perLoss: outcome?.losses ?? null,
    winner: outcome?.verdict.winner ?? null,
    interval: outcome?.verdict.interval ?? null,
    intervalOver: outcome?.verdict.over ?? null,
    verdict: outcome?.verdict.sentence ?? NOTHING_YET,
    message
  }
}

const NOTHING_YET = 'No seed has finished with both losses, so there is nothing to compare yet'

function wordsOf(race: RaceSummary, outcome: RaceOutcome | null, runs: RunSummary[]): string {
  const verdict = `Race ${race.id}: ${outcome?.verdict.sentence ?? NOTHING_YET}.`
  const lines = race.message === null ? [verdict] : [verdict, race.message]
  if (outcome === null) return lines.join('\n')
  const [first, second] = outcome.losses
  const mean = (value: number) => String(Number(value.toFixed(1)))
  const seconds = (loss: LossName) =>
    runs.filter(({ config }) => config.loss === loss).reduce((sum, run) => sum + run.seconds, 0)
  const rows = [
    ['', LOSS_NAMES[first.loss], LOSS_NAMES[second.loss], 'difference'],
    ...RACE_METRICS.map((metric) => [
      ...[metric, fixed(first.metrics[metric]), fixed(second.metrics[metric])],
      signed(outcome.differences[metric].mean)
    ]),
    ['objects found', ...[first, second].map(({ found, objects }) => `${mean(found)} of ${objects}`), ''],
    [
      'objects touched',
      ...[first, second].map(({ touched, objects }) => `${mean(touched)} of ${objects}`),
      ''
    ],
    ['recovered false negatives', mean(first.recovered), mean(second.recovered), 'pixels the other missed'],
    ['added false positives', mean(first.added), mean(second.added), 'pixels the other left out'],
    ['time', `${seconds(first.loss).toFixed(1)} s`, `${seconds(second.loss).toFixed(1)} s`, '']
  ]
  return [...lines, table(rows)].join('\n')
}
