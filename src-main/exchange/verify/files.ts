import type { WebParts } from '../bundle/parts'
import type { CheckedBundle } from './check'

/** The check's page with the exported model below it, by the addresses that the page uses. */
export function sessionFiles(parts: WebParts, bundle: CheckedBundle): Map<string, Uint8Array<ArrayBuffer>> {
  return new Map([
    ...[...parts.verify].map(([name, bytes]) => [name, new Uint8Array(bytes)] as const),
    ...[...bundle.files].map(([name, bytes]) => [`bundle/${name}`, bytes] as const)
  ])
}
