import type { RunProgress } from '#core/api/values'
import type { Resume } from '#core/learning/loop'
import { JaccardError, messageOf } from '#core/errors'
import type { TrainConfig } from '#core/learning/config'
import type { TrainingEvent } from '#core/learning/events'
import type { EngineName } from '#core/network/engine'
import { createBroadcast, type Broadcast } from '#main/api/broadcast'
import type { Project } from '#main/store/project'
import { updateRun, type RunPatch } from '#main/store/runs'
import { messagesOf, type TrainerMessage, type TrainerPort } from './port'
import { createRecorder } from './recorder'
import { prepareLabelled, type LabelledImage } from './samples'
import { chooseEngine, type Trainers } from './trainers'

/** A run whose trainer is alive. */
export interface LiveRun {
  readonly id: number
  /** What happens from now on. */
  readonly progress: Broadcast<RunProgress>
  /** How far the preparation of the images is; null once training has begun. */
  preparing(): Extract<RunProgress, { type: 'preparing' }> | null
  /** Puts everything reported so far into the project. */
  flush(): void
  /** Ends the run after its current batch; asked a second time, at once. */
  cancel(): void
  /** Ends the trainer at once; the run can be resumed. */
  interrupt(): void
  /** Resolves when the run has ended, however it did, with what that changed in its row. */
  readonly ended: Promise<RunPatch>
}

/** An image that takes part in a run. */
export type RunSource = LabelledImage<'train' | 'validation'>

/** Chooses an engine, prepares the run's images, hands them to a trainer, and keeps what it reports. */
export function startLiveRun({
  project,
  id,
  config,
  images,
  resume,
  trainers
}: {
  project: Project
  id: number
  config: TrainConfig
  images: RunSource[]
  resume: Resume | null
  trainers: Trainers
}): LiveRun {
  const progress = createBroadcast<RunProgress>()
  const recorder = createRecorder(project, id)
  let port: TrainerPort | null = null
  let preparing: ReturnType<LiveRun['preparing']> = { type: 'preparing', done: 0, total: images.length }
  let ending: Ending | null = null
  let over = false
  // The choice of an engine takes seconds, and nobody who cancels waits for it.
  let stop: (reason: JaccardError) => void = () => undefined
  const stopping = new Promise<never>((_, reject) => {
    stop = reject
  })
  stopping.catch(() => undefined)

  async function feed(port: TrainerPort, engine: EngineName): Promise<void> {
    await port.send({ type: 'open', engine, threads: config.threads })
    let done = 0
    for await (const { split, ...sample } of prepareLabelled(project, images, config)) {
      if (over) return
      if (ending) throw cancelledEarly()
      await port.send({ type: 'sample', split, sample })
      preparing = { type: 'preparing', done: ++done, total: images.length }
      progress.send(preparing)
    }
    await port.send({ type: 'train', config, resume })
  }

  async function follow(
    messages: AsyncIterable<TrainerMessage>,
    chosenBecause: string | null
  ): Promise<void> {
    for await (const message of messages) {
      if (message.type === 'opened') {
        updateRun(project, id, { engine: message.engine, device: message.device, chosenBecause })
      }
      if (message.type !== 'event') continue
      const { event } = message
      await recorder.take(event)
      preparing = null
      if (event.type === 'started') progress.send({ ...event, chosenBecause })
      else if (!isForProject(event)) progress.send(event)
      if (event.type === 'finished') return
    }
  }

  async function work(): Promise<RunPatch> {
    let fault: unknown = null
    try {
      const engine = await Promise.race([chooseEngine(config.engine, trainers), stopping])
      const started = trainers.start(engine.name)
      port = started
      const messages = messagesOf(started)
      // A fault in feeding the trainer ends it, and with it `follow`.
      feed(started, engine.name).catch((error: unknown) => {
        fault = error
        started.kill()
      })
      await follow(messages, engine.because)
      return {}
    } catch (error) {
      return keepEnd(endOf(fault ?? error, ending))
    } finally {
      over = true
      port?.kill()
    }
  }

  /** A disk that is full must not hide how the run ended; its row says `running` until the project opens again. */
  function keepEnd(end: RunPatch): RunPatch {
    try {
      recorder.flush()
      updateRun(project, id, end)
      return end
    } catch (error) {
      return { ...end, message: [end.message, messageOf(error)].filter(Boolean).join(' ') }
    }
  }

  return {
    id,
    progress,
    preparing: () => preparing,
    flush: recorder.flush,
    cancel() {
      if (ending) port?.kill()
      ending ??= 'cancelled'
      stop(cancelledEarly())
      void port?.send({ type: 'cancel' })
    },
    interrupt() {
      ending = 'interrupted'
      stop(cancelledEarly())
      port?.kill()
    },
    ended: work()
  }
}

/** What only the project takes: it is large, and nobody watches it. */
function isForProject(
  event: TrainingEvent
): event is Extract<TrainingEvent, { type: 'checkpoint' | 'kept' | 'prediction' }> {
  return ['checkpoint', 'kept', 'prediction'].includes(event.type)
}

type Ending = 'cancelled' | 'interrupted'

const cancelledEarly = () => new JaccardError('cancelled', 'The run was cancelled before its first step.')

/** How a run that did not finish ended. */
function endOf(error: unknown, ending: Ending | null): RunPatch {
  if (ending === 'interrupted') return { status: 'interrupted' }
  const cancelled = error instanceof JaccardError && error.code === 'cancelled'
  if (ending === 'cancelled') return { status: 'cancelled', ...(cancelled ? { message: error.message } : {}) }
  return { status: 'failed', message: messageOf(error) }
}
