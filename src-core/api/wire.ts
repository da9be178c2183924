import { decode, encode } from '@msgpack/msgpack'

/**
 * How procedures travel between a window and its host: MessagePack, so that bytes go over as bytes. Used by both
 * ends of both transports. `decode` takes what a socket or a port delivered and throws on anything but bytes.
 */
export const wire = {
  encode: (message: unknown): Uint8Array<ArrayBuffer> => encode(message, { ignoreUndefined: true }),
  decode: (message: string | ArrayBuffer | Uint8Array): unknown => {
    if (typeof message === 'string') throw new TypeError('Expected a binary message, received text.')
    return decode(message)
  }
}
