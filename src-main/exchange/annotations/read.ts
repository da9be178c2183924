import type { Annotations } from './annotations'
import { readCoco } from './coco'
import { readLabelme } from './labelme'
import { jsonOf, textOf, unusable } from './text'
import { readClassNames, readYolo } from './yolo'

/** File name endings of annotations, lower case. */
export const ANNOTATION_EXTENSIONS = ['.json', '.txt']

/** Whether a file says what YOLO's classes are called. */
export function namesClasses(name: string): boolean {
  return /(^|[/\\])classes\.txt$|\.ya?ml$/i.test(name)
}

/** @throws JaccardError `bad-input` for a file that is no text or without names. */
export function namesIn(name: string, bytes: Uint8Array): string[] {
  const names = readClassNames(name, textOf(name, bytes))
  if (names) return names
  throw unusable(name, 'names no classes.')
}

/**
 * What an annotation file says, whichever of the formats it has.
 *
 * @throws JaccardError `bad-input` with one sentence for a file that is none, or damaged.
 */
export function readAnnotations({ name, bytes }: { name: string; bytes: Uint8Array }): Annotations {
  if (!name.toLowerCase().endsWith('.json'))
    return readYolo(name, bytes.length === 0 ? '' : textOf(name, bytes))
  const content = jsonOf(name, bytes)
  if (isObject(content) && 'shapes' in content) return readLabelme(name, content)
  if (isObject(content) && 'annotations' in content) return readCoco(name, content)
  throw unusable(name, 'is JSON, but neither COCO instances nor labelme.')
}

function isObject(content: unknown): content is object {
  return typeof content === 'object' && content !== null
}
