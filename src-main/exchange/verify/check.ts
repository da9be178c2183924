import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { JaccardError } from '#core/errors'
import { embedded, sha256 } from '../bundle/contents'
import { FILES, modelJson, preprocess, type Preprocess } from '../bundle/format'

/** An exported model whose files are what they claim to be. */
export interface CheckedBundle {
  info: Preprocess
  /** All that a browser needs of it, by name. */
  files: Map<string, Uint8Array<ArrayBuffer>>
}

/**
 * Reads an exported model before anything in it is run: its scripts have to be the very ones that this version
 * writes, its weights and topology those that were exported.
 *
 * @param scripts The files that every exported model carries, from `readWebParts`.
 * @throws JaccardError `not-found` for a missing folder or file, `bad-input` for one that was changed.
 */
export async function checkBundle(folder: string, scripts: Map<string, Uint8Array>): Promise<CheckedBundle> {
  const root = resolve(folder)
  const read = async (name: string) => {
    try {
      return new Uint8Array(await readFile(join(root, name)))
    } catch (cause) {
      throw new JaccardError('not-found', `${root} is no complete exported model: ${name} cannot be read.`, {
        cause
      })
    }
  }
  const broken = (name: string, fault: string) =>
    new JaccardError('bad-input', `${name} in ${root} ${fault}; export the model again.`)
  const parse = <T>(schema: z.ZodType<T>, name: string, bytes: Uint8Array): T => {
    try {
      return schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
    } catch {
      throw broken(name, 'is not what Jaccard writes')
    }
  }

  const infoBytes = await read(FILES.preprocess)
  const info = parse(preprocess, FILES.preprocess, infoBytes)
  const files = new Map([[FILES.preprocess as string, infoBytes]])
  for (const [name, expected] of scripts) {
    const bytes = await read(name)
    if (sha256(bytes) !== sha256(expected))
      throw broken(name, 'is not the file that this version of Jaccard writes')
    files.set(name, bytes)
  }
  const unchanged = async (name: string) => {
    const bytes = await read(name)
    if (sha256(bytes) !== info.files[name]) throw broken(name, 'was changed after the export')
    files.set(name, bytes)
    return bytes
  }
  const modelBytes = await unchanged(FILES.model)
  const model = parse(modelJson, FILES.model, modelBytes)
  const shards: { bytes: Uint8Array }[] = []
  for (const name of model.weightsManifest[0]!.paths) shards.push({ bytes: await unchanged(name) })

  // On a server the embedded copy is not needed, so it may be gone, but not be another model.
  const copy = await readFile(join(root, FILES.embedded)).catch(() => null)
  const expected = embedded(new TextDecoder().decode(modelBytes), shards, info)
  if (copy && !copy.equals(expected)) throw broken(FILES.embedded, 'is not the model beside it')
  return { info, files }
}
