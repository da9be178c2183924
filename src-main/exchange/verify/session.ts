import { randomUUID } from 'node:crypto'
import type { Quantization, VerifyReport } from '#core/api/values'
import { JaccardError } from '#core/errors'
import type { Extent } from '#core/learning/frame'
import { compare, TOLERANCE } from './compare'
import { outcome, type Job } from './job'

/** One image of a check, of its frame's size. */
export interface VerifyImage extends Extent {
  name: string
  /** `[height, width]`, three-valued mask. */
  label: Uint8Array
  /** The image as the browser shall get it. */
  encode(): Promise<{ bytes: Uint8Array<ArrayBuffer>; type: string }>
}

/** What is compared with what. */
export interface Subject {
  images: VerifyImage[]
  /** The app's own probabilities, `[height, width]` for each of the images. */
  predictions: Promise<Float32Array[]>
  threshold: number
  quantization: Quantization
  /** Files by the address below the check's page. */
  files: Map<string, Uint8Array<ArrayBuffer>>
}

/** A check under way: whatever host there is answers a browser's requests with it. */
export interface Verification {
  /** Unguessable; part of the page's address. */
  id: string
  /** Where the page is, below the origin. */
  page: string
  /** Answers everything below `page`; never rejects. */
  handle(request: Request): Promise<Response>
  /** Rejects with a JaccardError if there is nothing to compare. */
  result: Promise<VerifyReport>
  /** Ends the check with this reason, unless it has ended. */
  cancel(reason: JaccardError): void
}

/** Long enough for the slowest network on the slowest device to predict one image. */
const SILENCE_MS = 5 * 60_000

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', json: 'application/json' }

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'self'; base-uri 'none'"

/** Waits for a browser to open `page` and to send back its predictions. */
export function createSession(subject: Subject): Verification {
  const id = randomUUID()
  const page = `/verify/${id}/`
  const received: (Float32Array | undefined)[] = subject.images.map(() => undefined)
  let resolve!: (report: VerifyReport) => void
  let reject!: (reason: unknown) => void
  const result = new Promise<VerifyReport>((...settle) => ([resolve, reject] = settle))
  // Whoever waits gets the rejection from `result`; before that nobody may be waiting yet.
  result.catch(() => undefined)
  subject.predictions.catch(reject)

  const fallSilent = () =>
    reject(
      new JaccardError('missing-part', 'The browser that checks the model has stopped answering; try again.')
    )
  let silence = setTimeout(fallSilent, SILENCE_MS).unref()
  void result.finally(() => clearTimeout(silence)).catch(() => undefined)

  async function answer(request: Request): Promise<Response> {
    clearTimeout(silence)
    silence = setTimeout(fallSilent, SILENCE_MS).unref()
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith(page)) return refuse(404)
    const address = pathname.slice(page.length) || 'verify.html'
    const [, index] = /^images\/(\d{1,9})$/.exec(address) ?? []
    const image = index === undefined ? undefined : subject.images[Number(index)]
    if (request.method === 'POST') {
      if (image) return take(Number(index), await request.arrayBuffer())
      if (address === 'outcome') return conclude(request)
      return refuse(404)
    }
    if (image) {
      const { bytes, type } = await image.encode()
      return reply(bytes, type)
    }
    if (address === 'job.json') {
      const job: Job = { images: subject.images.map((_, i) => ({ address: `images/${i}` })) }
      return reply(JSON.stringify(job), 'application/json')
    }
    const file = subject.files.get(address)
    if (!file) return refuse(404)
    return reply(file, TYPES[address.split('.').at(-1)!] ?? 'application/octet-stream')
  }

  function take(index: number, body: ArrayBuffer): Response {
    const { name, width, height } = subject.images[index]!
    if (body.byteLength !== 4 * width * height) {
      reject(
        new JaccardError(
          'bad-input',
          `For “${name}” the exported model returned ${body.byteLength / 4} values instead of ${width} × ` +
            `${height}; export the model again.`
        )
      )
      return refuse(400)
    }
    received[index] = new Float32Array(body)
    return reply('', 'text/plain')
  }

  async function conclude(request: Request): Promise<Response> {
    const end = outcome.parse(await request.json())
    if (end.status === 'failed') {
      reject(new JaccardError('bad-input', `The exported model does not run in the browser: ${end.message}`))
    } else {
      const computedBy = `${browserName(request.headers.get('user-agent') ?? '')}, tfjs ${end.backend}`
      void report(computedBy).then(resolve, reject)
    }
    return reply('', 'text/plain')
  }

  async function report(computedBy: string): Promise<VerifyReport> {
    const app = await subject.predictions
    const pairs = subject.images.map(({ name, label }, i) => {
      const bundle = received[i]
      if (!bundle)
        throw new JaccardError('bad-input', `The browser has left out “${name}”; check the model again.`)
      return { name, label, app: app[i]!, bundle }
    })
    const differences = compare(pairs, subject.threshold)
    const tolerance = TOLERANCE[subject.quantization]
    const passed = differences.maxProbabilityDifference <= tolerance
    return { images: pairs.length, ...differences, tolerance, passed, computedBy }
  }

  return {
    id,
    page,
    handle: (request) =>
      answer(request).catch((error: unknown) => {
        reject(error)
        return refuse(500)
      }),
    result,
    cancel: reject
  }
}

function reply(body: Uint8Array<ArrayBuffer> | string, type: string): Response {
  return new Response(body, {
    headers: {
      'content-type': type,
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff'
    }
  })
}

function refuse(status: number): Response {
  return new Response('There is nothing at this address.\n', {
    status,
    headers: { 'content-type': 'text/plain' }
  })
}

/** `Chromium 156` and the like, out of a user agent string. */
export function browserName(userAgent: string): string {
  const found =
    /(Electron|Edg|Firefox)\/(\d+)/.exec(userAgent) ??
    /(?:Headless)?(Chrome)\/(\d+)/.exec(userAgent) ??
    /(Version)\/(\d+).*Safari/.exec(userAgent)
  const names: Record<string, string> = { Edg: 'Edge', Chrome: 'Chromium', Version: 'Safari' }
  return found ? `${names[found[1]!] ?? found[1]} ${found[2]}` : 'A browser'
}
