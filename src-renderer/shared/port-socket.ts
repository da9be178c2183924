import { PORT_MESSAGE, type Bridge } from '#core/api/bridge'

/**
 * Makes a class that tRPC's WebSocket client can use in place of `WebSocket`: each instance asks the bridge for a
 * port to the main process and speaks through it.
 */
export function portSocketOf(bridge: Bridge): typeof WebSocket {
  class PortSocket extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3

    binaryType = 'arraybuffer'
    readyState = PortSocket.CONNECTING
    #port: MessagePort | null = null

    constructor() {
      super()
      const receive = (event: MessageEvent) => {
        if (event.source !== window || event.data !== PORT_MESSAGE || !event.ports[0]) return
        window.removeEventListener('message', receive)
        this.#use(event.ports[0])
      }
      window.addEventListener('message', receive)
      bridge.connect()
    }

    #use(port: MessagePort) {
      this.#port = port
      port.addEventListener('message', (event) => {
        this.dispatchEvent(new MessageEvent('message', { data: event.data }))
      })
      port.addEventListener('close', () => this.#closed())
      port.start()
      // Whoever made this socket listens from the next turn on, as with a real one.
      setTimeout(() => {
        this.readyState = PortSocket.OPEN
        this.dispatchEvent(new Event('open'))
      })
    }

    #closed() {
      if (this.readyState === PortSocket.CLOSED) return
      this.readyState = PortSocket.CLOSED
      this.dispatchEvent(new Event('close'))
    }

    /** Bytes are copied, not transferred: Electron loses messages that transfer buffers to the main process. */
    send(message: string | Uint8Array) {
      this.#port?.postMessage(message)
    }

    close() {
      this.#port?.close()
      this.#closed()
    }
  }
  return PortSocket as unknown as typeof WebSocket
}
