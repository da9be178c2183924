import { describe, expect, it, onTestFinished } from 'vitest'
import type { EngineReport, RunProgress } from '#core/api/values'
import { ENGINES, type EngineName } from '#core/network/engine'
import { forkProgram, forkTrainer } from '#main/training/fork.node'
import type { TrainerPort } from '#main/training/port'
import { createTraining } from '#main/training/service'
import { chooseEngine, createTrainers } from '#main/training/trainers'
import { addDiscs } from '../../fixtures/discs'
import { localTrainers } from '../../fixtures/localTrainer'
import { oneWeightConfig, oneWeightEngine } from '../../fixtures/oneWeightEngine'
import { temporaryProject } from '../../fixtures/project'

const at = (place: string) => new URL(place, import.meta.url)

/** Trainers of real processes that crash on opening tfjs-webgpu; `started` are the engines they were started for. */
function crashingTrainers() {
  const started: EngineName[] = []
  const ports: TrainerPort[] = []
  const trainers = createTrainers((engine) => {
    const port = forkProgram({
      file: at('./crashingTrainer.ts'),
      execArgv: ['--import', at('../../../scripts/sources.mjs').href]
    })
    started.push(engine)
    ports.push(port)
    return port
  })
  return { trainers, started, ports }
}

const report = (name: EngineName, speedTestMilliseconds: number | null, available = true): EngineReport => ({
  ...{ name, available, device: 'some', detail: null, speedTestMilliseconds, chosen: false }
})

/** Trainers whose inspection is known. */
const knowing = (reports: EngineReport[]) => ({
  start: localTrainers(oneWeightEngine()).start,
  inspect: () => Promise.resolve(reports)
})

describe('looking at the engines', () => {
  it('survives a driver that crashes, which is one that cannot be used', async () => {
    const { trainers, started, ports } = crashingTrainers()
    const reports = await trainers.inspect()
    expect(reports.map(({ name, available, chosen }) => [name, available, chosen])).toEqual(
      ENGINES.map((name) => [name, name !== 'tfjs-webgpu', name === 'tfjs-wasm'])
    )
    expect(reports.find(({ name }) => name === 'tfjs-webgpu')!.detail).toMatch(
      /^The engine tfjs-webgpu ended its process .*\(signal SIGSEGV\); .*\.$/
    )
    expect(started).toEqual([...ENGINES])
    for (const port of ports) expect(await port.exited).toMatch(/^signal SIG(KILL|SEGV)$/)
  })

  it('is done once for a host, and lets a run with auto train on what works', async () => {
    const { trainers, started } = crashingTrainers()
    const project = await temporaryProject()
    await addDiscs(project, 3, 2)
    const training = createTraining(project, { trainers })
    onTestFinished(() => training.close())
    await trainers.inspect()
    const id = training.start({ ...oneWeightConfig, engine: 'auto' })
    const heard: RunProgress[] = []
    for await (const event of training.subscribe(id, new AbortController().signal)) heard.push(event)
    expect(started).toEqual([...ENGINES, 'tfjs-wasm'])
    const chosenBecause = expect.stringMatching(
      /^tfjs-wasm was chosen by the speed test: (?=.*tfjs-wasm \d+ ms a step)(?=.*tfjs-webgpu not available).*\.$/
    ) as string
    expect(heard.find(({ type }) => type === 'started')).toMatchObject({ engine: 'tfjs-wasm', chosenBecause })
    expect(training.run(id)).toMatchObject({ status: 'done', engine: 'tfjs-wasm', chosenBecause })
  })

  it('with the real engines chooses one, and says of each other one why not', async () => {
    const reports = await createTrainers(forkTrainer).inspect()
    expect(reports.map(({ name }) => name)).toEqual([...ENGINES])
    const chosen = reports.find((one) => one.chosen)!
    expect(reports.filter((one) => one.chosen)).toEqual([chosen])
    for (const { speedTestMilliseconds, detail } of reports) {
      if (speedTestMilliseconds === null) expect(detail).toMatch(/^T.+\.$/)
      else expect(speedTestMilliseconds).toBeGreaterThanOrEqual(chosen.speedTestMilliseconds!)
    }
  })
})

describe('the choice', () => {
  it('is the person’s where an engine is named, and needs no reason', async () => {
    const trainers = { ...knowing([]), inspect: () => Promise.reject(new Error('not asked')) }
    expect(await chooseEngine('tensorflow', trainers)).toEqual({ name: 'tensorflow', because: null })
  })

  it('is the fastest, and says what the others took', async () => {
    const reports = [
      report('tfjs-wasm', 61.4),
      { ...report('tfjs-webgpu', 4.2), chosen: true },
      report('tensorflow', null)
    ]
    expect(await chooseEngine('auto', knowing(reports))).toEqual({
      name: 'tfjs-webgpu',
      because:
        'tfjs-webgpu was chosen by the speed test: ' +
        'tfjs-wasm 61 ms a step, tfjs-webgpu 4 ms a step, tensorflow not timed.'
    })
  })

  it('falls on what runs everywhere where nothing passed the test', async () => {
    const reports = ENGINES.map((name) => report(name, null, false))
    expect(await chooseEngine('auto', knowing(reports))).toEqual({
      name: 'tfjs-wasm',
      because: 'No engine passed the speed test; tfjs-wasm is tried.'
    })
  })

  it('keeps nobody waiting who cancels or closes the project', async () => {
    const project = await temporaryProject()
    await addDiscs(project, 3, 2)
    const endless = { ...knowing([]), inspect: () => new Promise<EngineReport[]>(() => undefined) }
    const training = createTraining(project, { trainers: endless })
    const first = training.start({ ...oneWeightConfig, engine: 'auto' })
    training.cancel(first)
    for await (const event of training.subscribe(first, new AbortController().signal)) void event
    const second = training.start({ ...oneWeightConfig, engine: 'auto' })
    await training.close()
    expect(training.runs().map(({ id, status }) => [id, status])).toEqual([
      [second, 'interrupted'],
      [first, 'cancelled']
    ])
  })
})
