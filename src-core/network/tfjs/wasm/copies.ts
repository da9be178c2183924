import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { WasmHeap } from '#core/network/tfjs/wasm/heap'

/** Runs shorter than this are copied faster by a loop than by a call. */
const SHORT_RUN = 64

/**
 * Tensors laid one after the other along an axis.
 *
 * @param inputs Tensors of equal shapes but for the axis.
 */
export function concatenated(heap: WasmHeap, inputs: TensorInfo[], axis: number): TensorInfo {
  const shape = [...inputs[0]!.shape]
  shape[axis] = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0)
  const output = heap.makeOutput(shape, inputs[0]!.dtype)
  const target = heap.typedArrayFromHeap(output)
  const outer = product(shape.slice(0, axis))
  const outRun = product(shape.slice(axis))
  let offset = 0
  for (const input of inputs) {
    const run = product(input.shape.slice(axis))
    copyRuns(heap.typedArrayFromHeap(input), 0, run, target, offset, outRun, run, outer)
    offset += run
  }
  return output
}

/** A tensor cut along an axis into parts of the given lengths. */
export function split(heap: WasmHeap, input: TensorInfo, lengths: number[], axis: number): TensorInfo[] {
  const outer = product(input.shape.slice(0, axis))
  const inner = product(input.shape.slice(axis + 1))
  let offset = 0
  return lengths.map((length) => {
    const output = heap.makeOutput(input.shape.with(axis, length), input.dtype)
    const run = length * inner
    const inRun = input.shape[axis]! * inner
    copyRuns(
      heap.typedArrayFromHeap(input),
      offset,
      inRun,
      heap.typedArrayFromHeap(output),
      0,
      run,
      run,
      outer
    )
    offset += run
    return output
  })
}

/** `count` runs of `run` values, whose starts lie `fromStep` and `toStep` apart. */
function copyRuns(
  from: Float32Array,
  fromStart: number,
  fromStep: number,
  to: Float32Array,
  toStart: number,
  toStep: number,
  run: number,
  count: number
): void {
  for (let i = 0; i < count; i++) {
    const source = fromStart + i * fromStep
    const target = toStart + i * toStep
    if (run >= SHORT_RUN) to.set(from.subarray(source, source + run), target)
    else for (let k = 0; k < run; k++) to[target + k] = from[source + k]!
  }
}

function product(lengths: number[]): number {
  return lengths.reduce((a, b) => a * b, 1)
}
