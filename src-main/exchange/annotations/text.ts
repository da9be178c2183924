import type { z } from 'zod'
import { JaccardError } from '#core/errors'

/** No string of JavaScript holds more, in bytes. */
const TEXT_LIMIT = 500e6

/** A file's fault as its sentence. @param what `is empty`, with what to do. */
export function unusable(name: string, what: string, cause?: unknown): JaccardError {
  return new JaccardError('bad-input', `"${name}" ${what}`, { cause })
}

/**
 * The text of a file, in UTF-8 or, where it says so itself, UTF-16.
 *
 * @throws JaccardError `bad-input` for an empty or too large file, and for bytes that are no such text.
 */
export function textOf(name: string, bytes: Uint8Array): string {
  if (bytes.length === 0) throw unusable(name, 'is empty (0 bytes); copy it again from where it came from.')
  if (bytes.length > TEXT_LIMIT) throw unusable(name, 'is larger than 500 MB; cut it into several files.')
  const [first, second] = bytes
  const wide =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null
  try {
    return new TextDecoder(wide ?? 'utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unusable(name, 'is not text in UTF-8; save it in that encoding.', cause)
  }
}

/** @throws JaccardError `bad-input` as `textOf` does, and for what is no JSON. */
export function jsonOf(name: string, bytes: Uint8Array): unknown {
  const text = textOf(name, bytes)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unusable(name, 'is no valid JSON, maybe cut short; export it again.', cause)
  }
}

/**
 * What the schema makes of a file's content.
 *
 * @param kind `COCO`, `labelme`
 * @throws JaccardError `bad-input` that names the first place where they differ.
 */
export function checked<Schema extends z.ZodType>(
  name: string,
  kind: string,
  schema: Schema,
  content: unknown
): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(content)
  if (success) return data
  const { path, message } = error.issues[0]!
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  throw unusable(
    name,
    `is not what ${kind} writes: ${place.replace(/^\./, '') || 'its content'} is wrong (${message}); export it again.`
  )
}
