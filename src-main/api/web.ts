import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { JaccardError, messageOf } from '#core/errors'
import type { PictureTile } from '#core/picture/pyramid'

/** A picture that is encoded only when it has to be sent. */
export interface Picture {
  /** The same for the same bytes, for example the image's SHA-256. */
  tag: string
  encode(): Promise<{ bytes: Uint8Array; type: string }>
}

/** What the window loads by address. */
export interface WebContent {
  /** The folder of the built window. */
  renderer: string
  /** Sources beside its own that the window may connect to, for the content security policy. */
  connectTo: string[]
  /** An image of the open project as a browser can show it, in full size. Throws `not-found`. */
  display(imageId: number): Picture
  /** The same, with a longer edge of at most `edge` pixels. */
  thumbnail(imageId: number, edge: number): Picture
  /** Its mask, to lie over the thumbnail of the same edge. */
  mask(imageId: number, edge: number): Picture
  /** Resolves when the tiles of a large image are there. Rejects with `not-found` for an image that is not large. */
  prepareTiles(imageId: number, signal: AbortSignal): Promise<void>
  /** One of its tiles. Throws `not-found` as well where the image has no such tile. */
  tile(imageId: number, tile: PictureTile): Picture
  /** Answers everything below `/verify/`. */
  verify(request: Request): Promise<Response>
}

/** Answers a request of the window; never rejects. */
export type Web = (request: Request) => Promise<Response>

const EDGES = { least: 16, usual: 256, most: 1024 }

const wholeNumber = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number)
const tileAddress = z.tuple([wholeNumber, wholeNumber, wholeNumber])

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2'
}

/** The same files, images and pages for every host that shows a window, whatever carries the requests. */
export function createWeb(parts: WebContent): Web {
  const policy = contentSecurityPolicy(parts.connectTo)

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname.startsWith('/verify/')) return parts.verify(request)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refusal(405, 'Only reading is possible here.')
    const [, room, id] = /^\/(image|thumbnail|mask)\/(\d{1,15})$/.exec(pathname) ?? []
    if (room === 'image') return picture(request, parts.display(Number(id)))
    if (room === 'thumbnail' || room === 'mask') {
      const edge = Number(searchParams.get('edge') ?? EDGES.usual)
      if (!Number.isInteger(edge) || edge < EDGES.least || edge > EDGES.most) {
        return refusal(400, `A thumbnail's edge is a whole number from ${EDGES.least} to ${EDGES.most}.`)
      }
      return picture(request, parts[room](Number(id), edge))
    }
    const [, imageId, tile] = /^\/tiles\/(\d{1,15})(?:\/(.+))?$/.exec(pathname) ?? []
    if (imageId !== undefined) return tiles(request, Number(imageId), tile)
    return windowFile(parts.renderer, pathname, policy)
  }

  /** @param address Level, column and row of the tile that is asked for; without it, all of them are made. */
  async function tiles(request: Request, imageId: number, address?: string): Promise<Response> {
    if (address === undefined) {
      await parts.prepareTiles(imageId, request.signal)
      return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
    }
    const { success, data } = tileAddress.safeParse(address.split('/'))
    if (!success) return refusal(400, 'The address of a tile ends with its level, column and row.')
    const [level, column, row] = data
    return picture(request, parts.tile(imageId, { level, column, row }))
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      const missing = error instanceof JaccardError && error.code === 'not-found'
      return refusal(missing ? 404 : 500, messageOf(error))
    }
  }
}

/** An answer that says no, with the reason as a sentence. */
export function refusal(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
  })
}

async function picture(request: Request, { tag, encode }: Picture): Promise<Response> {
  // An image's number means another image in another project, so a browser has to ask each time.
  const headers = {
    etag: `"${tag}"`,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff'
  }
  if (request.headers.get('if-none-match') === headers.etag)
    return new Response(null, { status: 304, headers })
  const { bytes, type } = await encode()
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { ...headers, 'content-type': type } })
}

async function windowFile(root: string, pathname: string, policy: string): Promise<Response> {
  const file = insideOf(root, pathname === '/' ? '/index.html' : pathname)
  const bytes = file && (await readFile(file).catch(() => null))
  if (!bytes) return refusal(404, 'There is nothing at this address.')
  // The build puts a hash of the content into the names below /assets/.
  const lasting = pathname.startsWith('/assets/')
  return new Response(bytes, {
    headers: {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': lasting ? 'private, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin'
    }
  })
}

/** The file below `root` that an address names; null where it names none or would leave the folder. */
function insideOf(root: string, pathname: string): string | null {
  let name: string
  try {
    name = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (name.includes('\0') || name.includes('\\')) return null
  const file = resolve(join(root, name))
  return file.startsWith(resolve(root) + sep) ? file : null
}

function contentSecurityPolicy(connectTo: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    // Svelte and Konva set style attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    ["connect-src 'self'", ...connectTo].join(' '),
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'"
  ].join('; ')
}
