import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A wire between the browser and the host that can be cut. */
export interface Wire {
  /** The host's address, at the wire's near end. */
  address: string
  /** Breaks every connection, and lets no new one come about until it is mended. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

/**
 * Lays a wire to the host at an address. The host only serves under its own name, so requests are given it on
 * their way; both ports have five digits, and nothing else changes.
 */
export async function layWire(hostAddress: string): Promise<Wire> {
  const host = new URL(hostAddress)
  const sockets = new Set<Socket>()
  let whole = true

  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = connect(Number(host.port), host.hostname)
    near.on('data', (data) => far.write(rename(data, `127.0.0.1:${port}`, host.host)))
    far.on('data', (data) => near.write(data))
    for (const [socket, other] of [
      [near, far],
      [far, near]
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const cut = () => {
    whole = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    address: hostAddress.replace(host.host, `127.0.0.1:${port}`),
    cut,
    mend: () => (whole = true),
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
    }
  }
}

/** Replaces a name by another of the same length. */
function rename(data: Buffer, from: string, to: string): Buffer {
  for (let at = data.indexOf(from); at >= 0; at = data.indexOf(from, at + from.length))
    data.write(to, at, 'latin1')
  return data
}
