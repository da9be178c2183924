import { EventEmitter } from 'node:events'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TRPCError } from '@trpc/server'
import { applyWSSHandler, getWSConnectionHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { wire } from '#core/api/wire'
import { JaccardError } from '#core/errors'
import { router } from './router'
import type { Services } from './services'

/** Room for one uploaded image: 100 megapixels in colour, or in grey of 16 bits, without compression. */
const GREATEST_MESSAGE = 330e6

/** The main side's end of a message port, as Electron's `MessagePortMain` has it. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  postMessage(message: unknown): void
  start(): void
  close(): void
}

/** The procedures, ready for windows to connect. */
export interface Rpc {
  /** Takes over an HTTP connection that asked to become a WebSocket; who may is the caller's decision. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Serves a window over its port. */
  connect(port: Port): void
  /** Ends all connections. */
  close(): void
}

/** Serves the procedures of one host to any number of windows. */
export function createRpc(services: Services): Rpc {
  const wss = new WebSocketServer({ noServer: true, maxPayload: GREATEST_MESSAGE, perMessageDeflate: false })
  const options = {
    wss,
    router,
    createContext: () => ({ services }),
    experimental_encoder: wire,
    onError: ({ error, path }: { error: TRPCError; path?: string }) => report(error, path)
  }
  applyWSSHandler({ ...options, keepAlive: { enabled: true } })
  const serve = getWSConnectionHandler(options)
  const ports = new Set<PortSocket>()

  return {
    upgrade: (request, socket, head) =>
      wss.handleUpgrade(request, socket, head, (client) => wss.emit('connection', client, request)),
    connect: (port) => {
      const socket = new PortSocket(port)
      ports.add(socket)
      socket.once('close', () => ports.delete(socket))
      const request = new IncomingMessage(new Socket())
      request.url = '/rpc'
      serve(socket as unknown as WebSocket, request)
      port.start()
    },
    close: () => {
      for (const client of wss.clients) client.terminate()
      for (const socket of ports) socket.close()
      wss.close()
    }
  }
}

/** A port in the shape of the `ws` library's socket, as far as the procedures' handler uses it. */
class PortSocket extends EventEmitter {
  readyState: number = 1
  readonly #port: Port

  constructor(port: Port) {
    super()
    this.#port = port
    port.on('message', ({ data }) => {
      if (typeof data === 'string') this.emit('message', Buffer.from(data), false)
      else if (data instanceof Uint8Array) {
        this.emit('message', Buffer.from(data.buffer, data.byteOffset, data.byteLength), true)
      }
    })
    port.on('close', () => this.#closed())
  }

  send(message: string | Uint8Array) {
    this.#port.postMessage(message)
  }

  close() {
    this.#port.close()
    this.#closed()
  }

  #closed() {
    if (this.readyState === 3) return
    this.readyState = 3
    this.emit('close')
  }
}

/** Expected failures are told to the window; anything else is a fault, and its trace belongs on the terminal. */
function report(error: TRPCError, path = '') {
  const fault = error.cause ?? error
  if (fault instanceof JaccardError) return
  const words = error.code === 'BAD_REQUEST' ? `A window sent a bad request for ${path}.` : fault.stack
  process.stderr.write(`${words}\n`)
}
