import { createRequire, registerHooks, type ResolveHookSync } from 'node:module'
import type sharpModule from 'sharp'
import type { OutputInfo, Sharp as Pipeline } from 'sharp'
import { JaccardError } from '#core/errors'

type Sharp = typeof sharpModule

let loaded: Sharp | null = null

/**
 * The image library, loaded at the first call. Its native build for Linux crashes inside Electron, so there it
 * runs as WebAssembly, as it does anywhere with `JACCARD_SHARP=wasm` in the environment.
 *
 * @throws JaccardError `missing-part` if it cannot be loaded.
 */
export function loadSharp(): Sharp {
  return (loaded ??= load())
}

/**
 * What a pipeline yields, in memory of its own that can go to a worker. By way of a copy: what the library gives out
 * itself cannot be transferred as a Buffer, and as a Uint8Array (in 0.35.5) is never freed.
 */
export async function outputOf(
  pipeline: Pipeline
): Promise<{ data: Uint8Array<ArrayBuffer>; info: OutputInfo }> {
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true })
  return { data: new Uint8Array(data), info }
}

function load(): Sharp {
  const crashes = process.versions.electron !== undefined && process.platform === 'linux'
  // The library takes WebAssembly only where its native build is not to be found.
  const hooks =
    crashes || process.env['JACCARD_SHARP'] === 'wasm' ? registerHooks({ resolve: hideNative }) : null
  try {
    const sharp = createRequire(import.meta.url)('sharp') as Sharp
    // Every image is read once; a cache would only hold memory.
    sharp.cache(false)
    return sharp
  } catch (cause) {
    throw new JaccardError(
      'missing-part',
      'The image library "sharp" cannot be loaded; run "npm ci" again.',
      {
        cause
      }
    )
  } finally {
    hooks?.deregister()
  }
}

const hideNative: ResolveHookSync = (specifier, context, next) => {
  if (specifier.startsWith('@img/sharp-linux')) throw new Error(`${specifier} is left out on purpose.`)
  return next(specifier, context)
}
