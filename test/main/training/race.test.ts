import { describe, expect, it, onTestFinished } from 'vitest'
import type { RaceProgress } from '#core/api/values'
import { raceOf, type RaceConfig } from '#core/learning/race/config'
import { tuneThreshold } from '#core/learning/threshold'
import { histogramOf } from '#core/learning/metrics'
import { resampleLabel } from '#core/learning/resample'
import { decodeMask } from '#core/mask/codec'
import { flatten, maskOf } from '#core/mask/tiles'
import { readCheckpoint } from '#main/store/checkpoints'
import { replaceMask, readMask } from '#main/store/masks'
import { readPrediction } from '#main/store/predictions'
import type { Project } from '#main/store/project'
import { createRace, getRace } from '#main/store/races'
import { getRun, listRunImages, listRuns, setThreshold } from '#main/store/runs'
import { createPredictions } from '#main/training/predictions'
import { createRaces, type Races } from '#main/training/race'
import { createTraining } from '#main/training/service'
import { addDisc, addDiscs } from '../../fixtures/discs'
import { localTrainers } from '../../fixtures/localTrainer'
import { oneWeightConfig, oneWeightEngine } from '../../fixtures/oneWeightEngine'
import { temporaryProject } from '../../fixtures/project'

const settings = { ...oneWeightConfig, batch: 4, steps: 12, seed: 3 }
const config: RaceConfig = raceOf(settings, ['iou', 'xent'], 2)

type Hooks = Parameters<typeof oneWeightEngine>[0]

async function setUp(hooks: Hooks = {}) {
  const project = await temporaryProject()
  const ids = await addDiscs(project, 6, 2)
  return { project, ids, ...open(project, hooks) }
}

/** The races of a project, whose trainers run here. */
function open(project: Project, hooks: Hooks = {}) {
  const trainers = localTrainers(oneWeightEngine(hooks))
  const changes: { kind: string; ids: number[] }[] = []
  const changed = (change: { kind: 'runs' | 'images'; ids: number[] }) => changes.push(change)
  const training = createTraining(project, { trainers, changed })
  const predictions = createPredictions(project, trainers.start)
  const races = createRaces(project, { training, predictions, trainers, changed })
  const close = async () => void (await Promise.all([races.close(), training.close()]))
  onTestFinished(close)
  return { trainers, training, predictions, races, changes, close }
}

/** Everything that a subscriber hears up to the end, doing something at each event if asked to. */
async function follow(races: Races, id: number, at: (event: RaceProgress) => void = () => undefined) {
  const heard: RaceProgress[] = []
  for await (const event of races.subscribe(id, new AbortController().signal)) {
    heard.push(event)
    at(event)
  }
  return heard
}

/** Does something once, at this step of the run that is the `number`th to be heard of. */
function atStep(number: number, step: number, work: (runId: number) => void) {
  const runs = new Set<number>()
  return (event: RaceProgress) => {
    if (event.type !== 'run') return
    runs.add(event.runId)
    if (runs.size === number && event.progress.type === 'step' && event.progress.step === step)
      work(event.runId)
  }
}

describe('a race', () => {
  it('trains each loss with each seed, on the same images, and judges the pairs', async () => {
    const { races, project, ids } = await setUp()
    const id = await races.start(config)
    await follow(races, id)
    const race = races.race(id)
    expect(race).toMatchObject({ status: 'done', live: false, message: null, engine: 'tfjs-wasm' })
    expect(race.runs.map(({ loss, seed, status }) => `${loss} ${seed} ${status}`)).toEqual([
      ...['iou 3 done', 'xent 3 done', 'iou 4 done', 'xent 4 done']
    ])
    const runs = race.runs.map(({ runId }) => getRun(project, runId!))
    for (const { config: of, raceId } of runs) {
      expect(raceId).toBe(id)
      expect(of).toEqual({ ...settings, loss: of.loss, seed: of.seed })
    }
    const images = runs.map((run) => listRunImages(project, run.id))
    expect(images[0]).toHaveLength(ids.length)
    for (const other of images) expect(other).toEqual(images[0])
    expect(race.pairs.map(({ seed, runs }) => [seed, ...runs.map(({ runId }) => runId)])).toEqual([
      [3, race.runs[0]!.runId, race.runs[1]!.runId],
      [4, race.runs[2]!.runId, race.runs[3]!.runId]
    ])
  })

  it('judges every run at the threshold that its own predictions deserve, whatever a person chose since', async () => {
    const { races, project, ids } = await setUp()
    const id = await races.start(config)
    await follow(
      races,
      id,
      atStep(2, 1, () => setThreshold(project, getRace(project, id).runs[0]!.runId!, 0.9))
    )
    for (const pair of races.race(id).pairs) {
      for (const { runId, metrics } of pair.runs) {
        const foreground = new Array<number>(256).fill(0)
        const background = new Array<number>(256).fill(0)
        for (const imageId of ids.slice(6)) {
          const { probabilities, ...frame } = (await readPrediction(project, runId, imageId))!
          const { tiles, width, height } = readMask(project, imageId)
          const label = resampleLabel(flatten(decodeMask(width, height, tiles)), width, height, frame)
          const histogram = histogramOf(probabilities, label)
          histogram.foreground.forEach((count, q) => (foreground[q]! += count))
          histogram.background.forEach((count, q) => (background[q]! += count))
        }
        expect(metrics).toEqual(tuneThreshold(foreground, background).metrics)
      }
      expect(pair.images).toBe(2)
      expect(pair.runs[0].objects.objects).toBe(2)
    }
  })

  it('is told from its start to its end', async () => {
    const { races } = await setUp()
    const heard = await follow(races, await races.start(config))
    expect(heard[0]).toMatchObject({ type: 'snapshot', race: { status: 'running', live: true, pairs: [] } })
    expect(heard.at(-1)).toMatchObject({ type: 'ended', race: { status: 'done', live: false } })
    const steps = heard.filter((event) => event.type === 'run' && event.progress.type === 'step')
    expect(steps).toHaveLength(4 * 12)
    const pairs = heard.flatMap((event) => (event.type === 'race' ? event.race.pairs.length : []))
    expect(pairs).toEqual(pairs.toSorted())
    expect(pairs.at(-1)).toBe(2)
  })

  it('gives who comes afterwards all curves', async () => {
    const { races } = await setUp()
    const id = await races.start(config)
    const curves = new Map<number, { step: number; mIoU: number }[]>()
    await follow(races, id, (event) => {
      if (event.type !== 'run' || event.progress.type !== 'validation') return
      const { step, metrics } = event.progress
      curves.set(event.runId, [...(curves.get(event.runId) ?? []), { step, mIoU: metrics.mIoU }])
    })
    const [snapshot, ended] = await follow(races, id)
    expect(snapshot).toMatchObject({
      curves: [...curves].map(([runId, validation]) => ({ runId, validation })),
      baselines: { background: expect.any(Number) }
    })
    expect(ended!.type).toBe('ended')
  })

  it('draws the splits that are due, once', async () => {
    const { races, project, changes } = await setUp()
    await addDisc(project, 99)
    const id = await races.start(config)
    await follow(races, id)
    expect(changes.filter(({ kind }) => kind === 'images')).toHaveLength(1)
    const images = races.race(id).runs.map(({ runId }) => listRunImages(project, runId!))
    expect(images[0]).toHaveLength(9)
    expect(images[3]).toEqual(images[0])
  })

  it('takes what was painted meanwhile in no run, so that all learn from the same', async () => {
    const { races, project, ids } = await setUp()
    const id = await races.start(config)
    const blank = maskOf(new Uint8Array(32 * 32), 32, 32)
    await follow(
      races,
      id,
      atStep(2, 1, () => ids.forEach((image) => replaceMask(project, image, blank, { tool: 'import' })))
    )
    const race = races.race(id)
    expect(race.status).toBe('done')
    expect(race.pairs.map(({ runs }) => runs[0].objects.objects)).toEqual([2, 2])
  })
})

describe('while a race goes on', () => {
  it('no other run or race starts, not even between two of its runs', async () => {
    const { races, training } = await setUp()
    const id = await races.start(config)
    const refusals = new Set<string>()
    await follow(races, id, () => {
      if (!races.race(id).live) return
      try {
        training.start(settings)
      } catch (error) {
        refusals.add((error as Error).message.replace(/\d+/, 'N'))
      }
    })
    expect([...refusals].sort()).toEqual([
      'A race is going on in this project; wait for its end or stop it before starting another run.',
      'Run N is still training; wait for its end or cancel it before starting another.'
    ])
    expect(races.race(id).status).toBe('done')
    const second = await races.start(config)
    await expect(races.start(config)).rejects.toThrow(/still training/)
    expect(() => races.remove(second)).toThrow(/going on/)
    await follow(races, second)
  })
})

describe('a race that was stopped', () => {
  it('keeps what has finished, and says so', async () => {
    const { races } = await setUp()
    const id = await races.start(config)
    await follow(
      races,
      id,
      atStep(3, 4, () => races.cancel(id))
    )
    const race = races.race(id)
    expect(race.status).toBe('cancelled')
    expect(race.runs.map(({ status }) => status)).toEqual(['done', 'done', 'cancelled', null])
    expect(race.pairs.map(({ seed }) => seed)).toEqual([3])
  })

  it('goes on where it stopped, to the same result as without the break', async () => {
    const { races, project } = await setUp()
    const straight = await races.start(config)
    await follow(races, straight)
    const id = await races.start(config)
    await follow(
      races,
      id,
      atStep(3, 4, () => races.cancel(id))
    )
    const before = races.race(id).runs.map(({ runId }) => runId)
    races.resume(id)
    await follow(races, id)
    const race = races.race(id)
    expect(race.status).toBe('done')
    expect(race.runs.slice(0, 3).map(({ runId }) => runId)).toEqual(before.slice(0, 3))
    const figures = (of: number) => races.race(of).pairs.map(({ runs }) => runs.map(({ metrics }) => metrics))
    expect(figures(id)).toEqual(figures(straight))
    const weights = (of: number) =>
      races.race(of).runs.map(({ runId }) => Buffer.from(readCheckpoint(project, runId!, 'last').weights))
    expect(weights(id)).toEqual(weights(straight))
    expect(() => races.resume(id)).toThrow(/is done/)
  })

  it('does not go on with other labels than it began with', async () => {
    const { races, project, ids } = await setUp()
    const id = await races.start(config)
    await follow(
      races,
      id,
      atStep(1, 4, () => races.cancel(id))
    )
    replaceMask(project, ids[0]!, maskOf(new Uint8Array(32 * 32), 32, 32), { tool: 'import' })
    expect(() => races.resume(id)).toThrow(/mask of "disc-1\.png" was changed since race \d+ started/)
    expect(races.race(id).status).toBe('cancelled')
    // And lets others train.
    await follow(races, await races.start(config))
  })

  it('by the run’s own stop ends as well', async () => {
    const { races, training } = await setUp()
    const id = await races.start(config)
    await follow(
      races,
      id,
      atStep(2, 3, (runId) => training.cancel(runId))
    )
    expect(races.race(id).runs.map(({ status }) => status)).toEqual(['done', 'cancelled', null, null])
    expect(races.race(id).status).toBe('cancelled')
  })

  it('by the closing of the project is interrupted and can go on', async () => {
    const { races, project, close } = await setUp()
    const id = await races.start(config)
    await follow(
      races,
      id,
      atStep(2, 3, () => void close())
    )
    expect(getRace(project, id)).toMatchObject({ status: 'interrupted' })
    const again = open(project)
    again.races.resume(id)
    await follow(again.races, id)
    expect(again.races.race(id)).toMatchObject({ status: 'done', pairs: [{ seed: 3 }, { seed: 4 }] })
  })

  it('by the death of its host is found interrupted', async () => {
    const { project } = await setUp()
    const id = createRace(project, { config, engine: 'tfjs-wasm', chosenBecause: null, images: [] })
    expect(open(project).races.race(id)).toMatchObject({ status: 'interrupted', live: false })
  })
})

describe('a run that fails', () => {
  it('takes its pair out of the race, which goes on and says why', async () => {
    let runs = 0
    const { races } = await setUp({
      onStep: (step) => {
        if (step === 1) runs++
      },
      loss: (step, loss) => (runs === 2 && step === 5 ? Infinity : loss)
    })
    const id = await races.start(config)
    await follow(races, id)
    const race = races.race(id)
    expect(race.runs.map(({ status }) => status)).toEqual(['done', 'failed', 'done', 'done'])
    expect(race.pairs.map(({ seed }) => seed)).toEqual([4])
    expect(race).toMatchObject({
      status: 'done',
      message: expect.stringMatching(/^Run \d+ \(cross entropy, seed 3\) failed, .*learning rate/)
    })
  })

  it('like all the others fails the race', async () => {
    const { races } = await setUp({ loss: () => NaN })
    const id = await races.start(config)
    await follow(races, id)
    expect(races.race(id)).toMatchObject({ status: 'failed', pairs: [] })
  })
})

describe('a race that cannot start', () => {
  it('leaves nothing behind', async () => {
    const { races, training, project } = await setUp()
    const broken = { ...config, shared: { ...config.shared, architecture: 'AlexNet' } }
    await expect(races.start(broken)).rejects.toThrow(/AlexNet/)
    expect(races.list()).toEqual([])
    expect(listRuns(project)).toEqual([])
    expect(() => training.reserve().release()).not.toThrow()
  })
})

describe('a race that is removed', () => {
  it('takes its runs along', async () => {
    const { races, project } = await setUp()
    const id = await races.start(raceOf({ ...settings, steps: 3 }, ['iou', 'xent'], 1))
    await follow(races, id)
    races.remove(id)
    expect(listRuns(project)).toEqual([])
    expect(() => races.race(id)).toThrow(/no race/)
  })
})
