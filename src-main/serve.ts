import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { JaccardError } from '#core/errors'
import { createGate, type Gate, type Verdict } from '#main/api/gate'
import { createHost } from '#main/api/host'
import { sendResponse, toRequest } from '#main/api/http'
import { places } from '#main/api/places'
import { createRpc } from '#main/api/rpc'
import { createWeb, refusal, type Web } from '#main/api/web'
import { app } from '#main/app'
import { forkTrainer } from '#main/training/fork.node'

/** Tried first, so that an address in the browser's history stays good; any free one if it is taken. */
const USUAL_PORT = 4180

/** What a request's address is relative to; only its path and query are read. */
const ORIGIN = 'http://127.0.0.1'

/** A serving host under way. */
export interface Serving {
  /** Opens the app, once, in any browser on this machine: it carries the token. */
  address: string
  /** Stops the trainer, closes the project and ends all connections. */
  close(): Promise<void>
}

/**
 * Serves the app to browsers on this machine, and to nobody else.
 *
 * @param options.file A project to open, or null. @param options.port Null takes the usual one or a free one.
 * @throws JaccardError `conflict` for a port that is taken, and what opening the project throws.
 */
export async function startServing(options: { file: string | null; port: number | null }): Promise<Serving> {
  const host = createHost({ kind: 'serve', places: places(), startTrainer: forkTrainer })
  const server = createServer()
  let port: number
  try {
    if (options.file !== null) await host.services.project.open(options.file)
    port = await listen(server, options.port)
  } catch (error) {
    await host.close()
    throw error
  }
  const token = randomBytes(32).toString('base64url')
  const gate = createGate(port, token)
  const rpc = createRpc(host.services)
  const web = createWeb({
    ...host.content,
    renderer: join(app().root, 'out/renderer'),
    connectTo: [`ws://127.0.0.1:${port}`, `ws://localhost:${port}`]
  })
  server.on('request', (incoming, outgoing) => {
    answer(gate, web, incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.on('upgrade', (incoming, socket, head) => {
    const verdict = gate(incoming)
    if (verdict.admitted && incoming.url === '/rpc') rpc.upgrade(incoming, socket, head)
    else turnAway(socket, verdict)
  })
  return {
    address: `http://127.0.0.1:${port}/?token=${token}`,
    close: async () => {
      rpc.close()
      server.close()
      server.closeAllConnections()
      await host.close()
    }
  }
}

/** Serves until the signal, with the address on standard output; returns when everything is closed. */
export async function runServe(options: {
  file: string | null
  port: number | null
  signal: AbortSignal
}): Promise<void> {
  const serving = await startServing(options)
  process.stdout.write(`Jaccard is at ${serving.address}\nPress Ctrl-C to stop.\n`)
  if (!options.signal.aborted) await once(options.signal, 'abort')
  await serving.close()
}

async function listen(server: Server, wanted: number | null): Promise<number> {
  try {
    server.listen(wanted ?? USUAL_PORT, '127.0.0.1')
    await once(server, 'listening')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (wanted === null && code === 'EADDRINUSE') return listen(server, 0)
    const reason = code === 'EADDRINUSE' ? 'is used by another program' : `cannot be used (${code})`
    throw new JaccardError('conflict', `Port ${wanted} ${reason}; choose another one with --port.`, { cause })
  }
  return (server.address() as AddressInfo).port
}

async function answer(
  gate: Gate,
  web: Web,
  incoming: IncomingMessage,
  outgoing: ServerResponse
): Promise<void> {
  const verdict = gate(incoming)
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  const response = verdict.admitted
    ? await web(toRequest(incoming, ORIGIN, gone.signal))
    : turnedAway(verdict)
  await sendResponse(response, outgoing, incoming.method === 'HEAD')
}

type Refused = Exclude<Verdict, { admitted: true }>

function turnedAway(verdict: Refused): Response {
  if (verdict.status !== 303) return refusal(verdict.status, verdict.sentence)
  const { location, cookie } = verdict
  return new Response(null, {
    status: 303,
    headers: { location, 'set-cookie': cookie, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
  })
}

/** Ends a connection that wanted to become a WebSocket and may not. */
function turnAway(socket: Duplex, verdict: Verdict) {
  const status = verdict.admitted ? 404 : verdict.status
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
