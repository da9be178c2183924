import { availableParallelism, totalmem } from 'node:os'
import { Worker } from 'node:worker_threads'
import { JaccardError } from '#core/errors'
import { programOf } from '#main/programs.node'
import type { JobInput, JobOutput, PixelJob } from './pixelJobs'
import type { JobRequest, JobResponse } from './pixels.worker.node'

/** A job's input, and the buffers of it that may be handed over instead of copied; they are gone afterwards. */
interface Prepared<Input> {
  input: Input
  transfer?: ArrayBuffer[]
}

/** One worker thread, doing one job at a time. */
interface Thread {
  alive(): boolean
  ask(request: JobRequest, transfer: ArrayBuffer[]): Promise<JobResponse>
}

/** What a thread's job may need with its input: an image of 100 megapixels on its way to a network takes half of it. */
const MEMORY_PER_THREAD = 2 * 2 ** 30

/** Threads that work side by side, and so the number of jobs whose inputs are in memory at once. */
export const POOL_SIZE = Math.max(
  1,
  Math.min(availableParallelism() - 1, Math.floor(totalmem() / MEMORY_PER_THREAD))
)

const idle: Thread[] = []
const waiting: ((thread: Thread) => void)[] = []
let started = 0

/**
 * Runs one of the pixel jobs in a worker thread as soon as one is free. `prepare` is called only then, so that
 * however many jobs are asked for, few decoded images are in memory. Idle threads let the process end.
 *
 * @throws what `prepare` or the job throws.
 */
export async function runPixelJob<Job extends PixelJob>(
  job: Job,
  prepare: () => Promise<Prepared<JobInput<Job>>> | Prepared<JobInput<Job>>
): Promise<JobOutput<Job>> {
  const thread = await freeThread()
  try {
    const { input, transfer } = await prepare()
    const response = await thread.ask({ job, input }, transfer ?? [])
    if ('output' in response) return response.output as JobOutput<Job>
    throw response.code ? new JaccardError(response.code, response.message) : new Error(response.message)
  } finally {
    release(thread)
  }
}

async function freeThread(): Promise<Thread> {
  const thread = idle.pop()
  if (thread) return thread
  if (started < POOL_SIZE) {
    started++
    return startThread()
  }
  return new Promise((resolve) => waiting.push(resolve))
}

function release(thread: Thread): void {
  const next = waiting.shift()
  if (next) next(thread.alive() ? thread : startThread())
  else if (thread.alive()) idle.push(thread)
  else started--
}

function startThread(): Thread {
  const { file, execArgv } = programOf('pixels')
  const worker = new Worker(file, { execArgv })
  worker.unref()
  let failure: Error | null = null
  let pending: { resolve: (response: JobResponse) => void; reject: (error: Error) => void } | null = null
  const fail = (error: Error) => {
    failure ??= error
    pending?.reject(failure)
  }
  worker.on('message', (response: JobResponse) => pending?.resolve(response))
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('A worker thread for images has ended.')))
  return {
    alive: () => failure === null,
    async ask(request, transfer) {
      if (failure) throw failure
      worker.ref()
      try {
        return await new Promise<JobResponse>((resolve, reject) => {
          pending = { resolve, reject }
          worker.postMessage(request, transfer)
        })
      } finally {
        pending = null
        worker.unref()
      }
    }
  }
}
