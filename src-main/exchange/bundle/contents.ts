import { createHash } from 'node:crypto'
import type { Quantization } from '#core/api/values'
import type { Baselines, Metrics } from '#core/learning/events'
import { leastOverlap } from '#core/learning/tiles'
import type { NetworkSpec, Weights } from '#core/network/spec'
import { FILES, preprocess, type Preprocess } from './format'
import { webModel } from './model'
import { app } from '#main/app'
import { readme } from './readme'
import { quantizeWeights, shardWeights } from './weights'

/** A trained network with what is known about it. */
export interface TrainedModel {
  spec: NetworkSpec
  /** Edge of the image's square that the network's input covers; null for whole images. */
  crop: number | null
  autoContrast: boolean
  weights: Weights
  reluLogits: boolean
  /** The project's name. */
  name: string
  className: string
  threshold: number
  run: number
  loss: string
  seed: number
  step: number
  engine: string
  metrics: Metrics | null
  baselines: Baselines | null
}

const FILTER =
  'separable triangle filter with half-pixel centres whose half-width is one pixel of the coarser grid (area-true ' +
  'when shrinking, bilinear when enlarging), rounded to bytes'

/** How a picture becomes what the network sees. */
function resizeOf({ spec: { size }, crop }: TrainedModel): Preprocess['input']['resize'] {
  if (crop === null) {
    const description = `stretched to the square without keeping proportions; ${FILTER}`
    return { rule: 'stretch-triangle', description }
  }
  return {
    rule: 'scale-triangle',
    description:
      `scaled by ${size} / ${crop} along both edges, each rounded to whole pixels; ${FILTER}; then cut into tiles of ` +
      `${size} × ${size}, evenly spaced along each edge, that share at least ${leastOverlap(size)} pixels with their ` +
      `neighbours, a smaller picture continued as at its right and lower edge; each pixel is taken from one tile, ` +
      `tiles meet in the middle of their overlaps`
  }
}

/**
 * All files of an exported model, by name.
 *
 * @param parts The files that every exported model carries, from `readWebParts`.
 */
export async function bundleContents(
  trained: TrainedModel,
  quantization: Quantization,
  parts: Map<string, Uint8Array>
): Promise<Map<string, Uint8Array>> {
  const { topology, entries, bytes, description } = await webModel(
    trained.spec,
    trained.weights,
    trained.reluLogits
  )
  const packed = quantizeWeights(entries, bytes, quantization)
  const shards = shardWeights(packed.bytes)
  const model = {
    ...description,
    modelTopology: topology,
    weightsManifest: [{ paths: shards.map(({ name }) => name), weights: packed.entries }]
  }
  const files = new Map<string, Uint8Array>([
    ...parts,
    [FILES.model, text(JSON.stringify(model))],
    ...shards.map(({ name, bytes }) => [name, bytes] as const)
  ])
  const info = describe(trained, quantization, String(description['generatedBy']), files)
  files.set(FILES.embedded, embedded(JSON.stringify(model), shards, info))
  files.set(FILES.preprocess, text(`${JSON.stringify(info, null, 2)}\n`))
  const sizes = [...files].map(([name, { byteLength }]) => ({ name, bytes: byteLength }))
  return files.set(FILES.readme, text(readme(info, sizes)))
}

/**
 * The model in a script, for pages from disk. Nothing in it is not in the other files, so it can be made again to
 * check it.
 *
 * @param model `model.json` as it is written.
 */
export function embedded(model: string, shards: { bytes: Uint8Array }[], info: Preprocess): Uint8Array {
  const weights = shards.map(({ bytes }) => Buffer.from(bytes).toString('base64'))
  return text(
    `globalThis.JaccardEmbedded = {"preprocess":${JSON.stringify(info)},"model":${model},` +
      `"weights":${JSON.stringify(weights)}}\n`
  )
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function describe(
  trained: TrainedModel,
  quantization: Quantization,
  generatedBy: string,
  files: Map<string, Uint8Array>
): Preprocess {
  const { spec, name, className, threshold, run, loss, seed, step, engine, metrics, baselines } = trained
  const sigmoid = spec.outputs === 1
  // Parsed, so that its keys come in the order in which reading it again gives them.
  return preprocess.parse({
    format: 'jaccard-model',
    version: 1,
    name,
    className,
    input: {
      size: spec.size,
      crop: trained.crop,
      autoContrast: trained.autoContrast,
      overlap: trained.crop === null ? null : leastOverlap(spec.size),
      channels: 'RGB',
      resize: resizeOf(trained),
      divideBy: 255
    },
    output: {
      kind: 'probability',
      head: sigmoid ? 'sigmoid' : 'softmax',
      description: sigmoid
        ? 'foreground probability, the sigmoid of one linear output, applied inside of the model'
        : 'foreground probability, the second value of a softmax of two linear outputs, applied inside of the model'
    },
    threshold,
    quantization,
    training: { run, architecture: spec.architecture, loss, seed, step, engine, metrics, baselines },
    versions: { jaccard: app().version, tfjs: generatedBy.replace(/^.*v/, '') },
    files: Object.fromEntries([...files].map(([file, bytes]) => [file, sha256(bytes)]))
  } satisfies Preprocess)
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}
