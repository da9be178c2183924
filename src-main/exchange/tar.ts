const BLOCK = 512
/** What fits into the name field of a header. */
const NAME_LIMIT = 100

/**
 * A file in a tar archive: header, content, and zeros up to a whole block. Of equal files the bytes are equal. A long
 * name or one that is not ASCII comes in a header of its own, as POSIX.1-2001 has it.
 */
export function tarEntry(name: string, content: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(name)
  const isPlain = bytes.length <= NAME_LIMIT && /^[\x20-\x7e]*$/.test(name)
  const extended = isPlain ? [] : padded('PaxHeader', 'x', Buffer.from(paxRecord('path', name)))
  return [
    ...extended,
    ...padded(isPlain ? name : bytes.subarray(0, NAME_LIMIT).toString('latin1'), '0', content)
  ]
}

/** What an archive ends with. */
export const TAR_END = new Uint8Array(2 * BLOCK)

function padded(name: string, kind: string, content: Uint8Array): Uint8Array[] {
  const header = Buffer.alloc(BLOCK)
  const put = (text: string, at: number) => header.write(text, at, 'latin1')
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0')
  put(name, 0)
  put(octal(0o644, 7), 100)
  put(octal(0, 7), 108)
  put(octal(0, 7), 116)
  put(octal(content.length, 11), 124)
  put(octal(0, 11), 136)
  put(' '.repeat(8), 148)
  put(kind, 156)
  put('ustar\0' + '00', 257)
  put(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6
    ) + '\0 ',
    148
  )
  return [header, content, new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK)]
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + String(rest).length
  if (String(length).length > String(rest).length) length = rest + String(length).length
  return `${length} ${key}=${value}\n`
}
