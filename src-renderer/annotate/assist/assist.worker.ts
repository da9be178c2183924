import { messageOf } from '#core/errors'
import { Assistant } from './assistant'
import type { FromWorker, SourceAddress, ToWorker } from './protocol'
import { openSource } from './source'

/** The program of the thread that computes for the tools. */
let assistant: Promise<Assistant> | null = null

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if ('open' in data) {
    assistant = openSource(data.open).then((source) => new Assistant(source))
    // Whoever asks is told.
    assistant.catch(() => undefined)
  } else {
    void answer(data)
  }
})

async function answer({ id, kind, request }: Exclude<ToWorker, { open: SourceAddress }>): Promise<void> {
  try {
    const found = await (await assistant!).answer(kind, request)
    const message: FromWorker = { id, answer: found }
    self.postMessage(message, { transfer: [...buffersOf(found)] })
  } catch (error) {
    self.postMessage({ id, failed: messageOf(error) } satisfies FromWorker)
  }
}

/** The memory that an answer can hand over instead of copying it. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer)
  else if (typeof value === 'object' && value !== null)
    Object.values(value).forEach((one) => buffersOf(one, found))
  return found
}
