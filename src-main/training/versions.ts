import { createRequire } from 'node:module'
import { app } from '#main/app'

/** What an engine's numbers may depend on. */
const LIBRARIES = [
  'onnxruntime-node',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  'webgpu'
]

/** The versions that belong to a run, by name. */
export function currentVersions(): Record<string, string> {
  const versions: Record<string, string> = { jaccard: app().version, node: process.versions.node }
  const require = createRequire(import.meta.url)
  for (const name of [...LIBRARIES, '@tensorflow/tfjs-node-gpu']) {
    try {
      versions[name] = (require(`${name}/package.json`) as { version: string }).version
    } catch {
      // An optional library that is not installed took no part.
    }
  }
  return versions
}
