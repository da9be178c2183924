import { parentPort } from 'node:worker_threads'
import { JaccardError, messageOf, type ErrorCode } from '#core/errors'
import { pixelJobs, type PixelJob } from './pixelJobs'

/** The program of a worker thread: one request in, one response out. */
export interface JobRequest {
  job: PixelJob
  input: unknown
}

export type JobResponse = { output: object } | { code: ErrorCode | null; message: string }

parentPort!.on('message', ({ job, input }: JobRequest) => {
  try {
    const output = (pixelJobs[job] as (input: unknown) => object)(input)
    const arrays = Object.values(output).filter((value) => ArrayBuffer.isView(value))
    const response: JobResponse = { output }
    parentPort!.postMessage(
      response,
      arrays.map((array) => array.buffer as ArrayBuffer)
    )
  } catch (error) {
    const response: JobResponse = {
      code: error instanceof JaccardError ? error.code : null,
      message: messageOf(error)
    }
    parentPort!.postMessage(response)
  }
})
