import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/**
 * The address of a request that reached Node's server. Only path and query are taken from the request, so that it
 * cannot name another host.
 */
export function addressOf(incoming: IncomingMessage, origin: string): URL {
  return new URL(origin + (incoming.url?.startsWith('/') ? incoming.url : '/'))
}

/**
 * The web-standard form of a request that reached Node's server; `origin` as in `http://127.0.0.1:4180`.
 *
 * @param signal Comes when the answer is not wanted any more.
 * @throws TypeError for methods that the web does not allow.
 */
export function toRequest(incoming: IncomingMessage, origin: string, signal?: AbortSignal): Request {
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one)
  }
  const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(incoming)
  return new Request(addressOf(incoming, origin), {
    method,
    headers,
    body: body as BodyInit | null,
    ...(signal && { signal }),
    ...(body && { duplex: 'half' })
  } as RequestInit)
}

/** Sends a web-standard response through Node's server; a reader that leaves early is no error. */
export async function sendResponse(
  response: Response,
  outgoing: ServerResponse,
  head: boolean
): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (head || response.body === null) {
    outgoing.end()
    return
  }
  await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing).catch(() => outgoing.destroy())
}
