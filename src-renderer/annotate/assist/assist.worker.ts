import { messageOf } from '#core/errors'
import type { Picture } from '#core/mask/assist/picture'
import { Assistant, type Source } from './assistant'
import type { FromWorker, ToWorker } from './protocol'

/** The program of the thread that computes for the tools. It holds the open image's pixels, once. */
let assistant: Promise<Assistant> | null = null

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if ('open' in data) {
    assistant = open(data.open).then((source) => new Assistant(source))
    // Whoever asks is told.
    assistant.catch(() => undefined)
  } else {
    void answer(data)
  }
})

async function answer({ id, kind, request }: Exclude<ToWorker, { open: string }>): Promise<void> {
  try {
    const found = (await assistant!).answer(kind, request)
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

async function open(url: string): Promise<Source> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`The image could not be read for this tool (${response.status}).`)
  const bitmap = await createImageBitmap(await response.blob())
  const { width, height } = bitmap
  return {
    width,
    height,
    read(area, factor): Picture {
      const columns = Math.ceil(area.width / factor)
      const rows = Math.ceil(area.height / factor)
      const context = new OffscreenCanvas(columns, rows).getContext('2d', { willReadFrequently: true })!
      context.imageSmoothingQuality = 'high'
      const [x, y] = [columns * factor, rows * factor]
      context.drawImage(bitmap, area.x, area.y, x, y, 0, 0, columns, rows)
      return { width: columns, height: rows, data: context.getImageData(0, 0, columns, rows).data }
    }
  }
}
