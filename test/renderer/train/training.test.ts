// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest'
import { usualFor } from '#core/learning/defaults'
import { JaccardError } from '#core/errors'
import { resumable, Training } from '../../../src-renderer/train/training.svelte'
import { FakeHost, liveRun, runOf } from './fixtures'

let host: FakeHost
let training: Training

beforeEach(() => {
  host = new FakeHost()
  training = new Training(host)
})

describe('before training', () => {
  it('can start once the data was counted and nothing stands in the way', async () => {
    expect(training.canStart).toBe(false)
    await training.refreshOverview()
    expect(training.canStart).toBe(true)
  })

  it('cannot start past an obstacle, with faulty settings, or beside another run', async () => {
    host.overviewAnswer = { ...host.overviewAnswer, obstacle: 'Label two images more.' }
    await training.refreshOverview()
    expect(training.canStart).toBe(false)

    host.overviewAnswer = { ...host.overviewAnswer, obstacle: null }
    await training.refreshOverview()
    training.config.size = 100
    expect(training.fault).toMatch(/multiple of 8/)
    expect(training.canStart).toBe(false)
    await training.start()
    expect(host.asked).not.toContain('start')

    training.config.size = 128
    expect(training.canStart).toBe(true)
    training.show(2)
    host.followers.get(2)!({ type: 'snapshot', run: liveRun(2), history: { loss: [], validation: [] } })
    expect(training.canStart).toBe(false)
  })

  it('takes the network that the labels ask for, until the person names another', async () => {
    await training.refreshChoice()
    expect(training.config).toMatchObject({ architecture: 'UNet-xs', size: 192, learningRate: 1e-3 })
    expect(training.choice!.because).toBe('Your objects are small.')

    training.take({ size: 64 })
    expect(training.automatic).toBe(false)
    host.asked = []
    await training.refreshChoice()
    expect(training.config.size).toBe(64)
    expect(host.asked).toEqual([])

    await training.chooseAutomatically()
    expect(training.config.size).toBe(192)
  })

  it('leaves the other settings alone where the choice is as before', async () => {
    await training.refreshChoice()
    training.config.learningRate = 3e-4
    training.config.minutes = 2
    await training.refreshChoice()
    expect(training.config).toMatchObject({ size: 192, learningRate: 3e-4 })
    expect(host.asked.at(-1)).toBe('choose for 10 images, 2 minutes')
  })

  it('starts with a choice that knows the labels as they are', async () => {
    await training.refreshOverview()
    await training.start()
    expect(host.asked.slice(-2)).toEqual(['choose for 10 images, null minutes', 'start'])
    expect(host.started).toMatchObject({ size: 192 })
  })

  it('takes crops over where they were chosen, and leaves them with a preset', async () => {
    host.choiceAnswer = { ...host.choiceAnswer, size: 128, crop: 256 }
    await training.refreshChoice()
    expect(training.config).toMatchObject({ size: 128, crop: 256 })
    training.take(usualFor('UNet-xs'))
    expect(training.config).toMatchObject({ size: 128, crop: null })
  })

  it('takes over how images are made ready, until the person says otherwise', async () => {
    const preparation = { autoContrast: true, rotation: 180, zoom: 1.25, brightness: 0.2 }
    host.choiceAnswer = { ...host.choiceAnswer, preparation }
    await training.refreshChoice()
    expect(training.config).toMatchObject(preparation)
    training.config.rotation = 10
    await training.refreshChoice()
    expect(training.config).toMatchObject({ ...preparation, rotation: 10 })
    training.take(usualFor('UNet-xs'))
    expect(training.config).toMatchObject({ autoContrast: true, rotation: 10 })
  })

  it('does not take a choice that comes after the person’s own', async () => {
    let answer: (choice: typeof host.choiceAnswer) => void = () => undefined
    host.choose = () => new Promise((resolve) => (answer = resolve))
    const asked = training.refreshChoice()
    training.take({ size: 96 })
    answer(host.choiceAnswer)
    await asked
    expect(training.config.size).toBe(96)
  })

  it('shows the overview of the latest settings, even if an older answer comes later', async () => {
    const answers: ((images: number) => void)[] = []
    host.overview = () =>
      new Promise((resolve) => {
        answers.push((images) =>
          resolve({
            ...host.overviewAnswer,
            balance: { ...host.overviewAnswer.balance, train: { images, foregroundShare: 0.1 } }
          })
        )
      })
    const first = training.refreshOverview()
    const second = training.refreshOverview()
    answers[1]!(22)
    answers[0]!(11)
    await Promise.all([first, second])
    expect(training.overview!.balance.train.images).toBe(22)
  })

  it('names the engine that would compute', async () => {
    expect(training.engine).toBeNull()
    await training.findEngines()
    expect(training.engine!.name).toBe('tfjs-wasm')
    training.config.engine = 'tensorflow'
    expect(training.engine).toBeNull()
  })
})

describe('while training', () => {
  it('one click starts the run and follows it', async () => {
    await training.refreshOverview()
    await training.start()
    expect(host.asked).toContain('start')
    expect([...host.followers.keys()]).toEqual([7])
    host.followers.get(7)!({ type: 'snapshot', run: liveRun(7), history: { loss: [], validation: [] } })
    expect(training.running!.id).toBe(7)
    await training.cancel()
    expect(host.asked).toContain('cancel 7')
  })

  it('goes on in the host when the screen is left, and is shown again by coming back', () => {
    host.runs = [runOf(1), liveRun(2), runOf(3)]
    training = new Training(host)
    training.open()
    expect(training.shown!.id).toBe(2)
    training.close()
    expect(host.followers.size).toBe(0)
    expect(host.asked).toEqual([])
    training.open()
    expect([...host.followers.keys()]).toEqual([2])
  })

  it('says what failed, and forgets it with the next success', async () => {
    await training.refreshOverview()
    const start = host.start.bind(host)
    host.start = () => Promise.reject(new JaccardError('conflict', 'A run is training already.'))
    await training.start()
    expect(training.problem).toBe('A run is training already.')
    expect(training.busy).toBeNull()
    host.start = start
    await training.start()
    expect(training.problem).toBeNull()
  })

  it('counts a run as over when its own events say so, even if the list is older', () => {
    host.runs = [liveRun(2)]
    training = new Training(host)
    training.open()
    expect(training.running!.id).toBe(2)
    host.followers.get(2)!({ type: 'ended', run: runOf(2) })
    expect(training.running).toBeNull()
  })
})

describe('earlier runs', () => {
  it('are shown one at a time, the newest first', () => {
    host.runs = [runOf(1), runOf(2)]
    training = new Training(host)
    training.open()
    expect(training.shown!.id).toBe(2)
    training.show(1)
    expect([...host.followers.keys()]).toEqual([1])
  })

  it('can go on where they ended early with a model', () => {
    const early = (change: object) => resumable(runOf(1, change))
    expect(early({ status: 'cancelled' })).toBe(true)
    expect(early({ status: 'interrupted' })).toBe(true)
    expect(early({ status: 'failed' })).toBe(true)
    expect(early({ status: 'failed', bestStep: null })).toBe(false)
    expect(early({ status: 'done' })).toBe(false)
    expect(early({ status: 'running', live: true })).toBe(false)
  })

  it('are followed again when they go on', async () => {
    host.runs = [runOf(1, { status: 'interrupted' })]
    training = new Training(host)
    await training.resume(1)
    expect(host.asked).toContain('resume 1')
    expect([...host.followers.keys()]).toEqual([1])
  })

  it('give way to the next one when they are deleted', async () => {
    host.runs = [runOf(1), runOf(2)]
    training = new Training(host)
    training.open()
    await training.remove(2)
    expect(host.asked).toContain('remove 2')
    expect(training.shown!.id).toBe(1)
  })
})
