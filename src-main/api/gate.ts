import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { addressOf } from './http'

/** Why a request may not come in, or that it may. */
export type Verdict =
  | { admitted: true }
  /** The token came in the address: set the cookie, and go on without the token in it. */
  | { admitted: false; status: 303; cookie: string; location: string }
  | { admitted: false; status: 401 | 403 | 421; sentence: string }

/** Judges each request that reaches the serving host. */
export type Gate = (request: IncomingMessage) => Verdict

/**
 * The door of the serving host. A request has to name this host (so that a foreign name that was made to resolve
 * to loopback gets nothing), changes and sockets have to come from the host's own pages, and everything needs the
 * token of this start: once in the address, from then on in a cookie that only this host's pages send.
 */
export function createGate(port: number, token: string): Gate {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  // Browsers keep one cookie jar for all ports of a host.
  const cookieName = `jaccard-${port}`

  return (request) => {
    const { host, origin } = request.headers
    if (host === undefined || !hosts.includes(host)) {
      return refused(
        421,
        `Open Jaccard as http://${hosts[0]}/ or http://${hosts[1]}/, through a tunnel with the same port.`
      )
    }
    const reading = request.method === 'GET' || request.method === 'HEAD'
    const upgrade = request.headers.upgrade !== undefined
    if ((upgrade || !reading || origin !== undefined) && origin !== `http://${host}`) {
      return refused(403, 'Only Jaccard’s own pages may do this.')
    }
    if (same(cookieOf(request, cookieName), token)) return { admitted: true }
    const address = addressOf(request, `http://${host}`)
    if (reading && !upgrade && address.pathname === '/' && same(address.searchParams.get('token'), token)) {
      return {
        admitted: false,
        status: 303,
        cookie: `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`,
        location: '/'
      }
    }
    return refused(
      401,
      'Open the address that Jaccard printed when it started; it carries the token of this start.'
    )
  }
}

function refused(status: 401 | 403 | 421, sentence: string): Verdict {
  return { admitted: false, status, sentence }
}

function cookieOf(request: IncomingMessage, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=')
    if (key === name && value !== undefined) return value
  }
  return null
}

/** Compares digests, so that the time taken tells nothing about the token. */
function same(given: string | null, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return given !== null && timingSafeEqual(digest(given), digest(token))
}
