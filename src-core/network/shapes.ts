import type { Layer, NetworkSpec, Parameter } from '#core/network/spec'

/** Height, width and channels of one layer's output. */
export type Shape = [height: number, width: number, channels: number]

/** The output shape of every layer, by name. */
export function shapesOf(spec: NetworkSpec): Map<string, Shape> {
  const shapes = new Map<string, Shape>()
  for (const layer of spec.layers) shapes.set(layer.name, outputShape(layer, spec.size, shapes))
  return shapes
}

function outputShape(layer: Layer, size: number, shapes: Map<string, Shape>): Shape {
  switch (layer.op) {
    case 'input':
      return [size, size, layer.channels]
    case 'conv': {
      const [height, width] = shapes.get(layer.input)!
      return [height, width, layer.filters]
    }
    case 'maxPool': {
      const [height, width, channels] = shapes.get(layer.input)!
      return [height / 2, width / 2, channels]
    }
    case 'dropout':
      return shapes.get(layer.input)!
    case 'convTranspose': {
      const [height, width] = shapes.get(layer.input)!
      return [height * layer.stride, width * layer.stride, layer.filters]
    }
    case 'concat': {
      const [height, width, channels] = shapes.get(layer.inputs[0])!
      return [height, width, channels + shapes.get(layer.inputs[1])![2]]
    }
  }
}

/** The trainable arrays in execution order: `<layer>/kernel` and `<layer>/bias` of every convolution. */
export function parameters(spec: NetworkSpec): Parameter[] {
  const shapes = shapesOf(spec)
  return spec.layers.flatMap((layer) => {
    if (layer.op !== 'conv' && layer.op !== 'convTranspose') return []
    const channels = shapes.get(layer.input)![2]
    const { name, kernel, filters } = layer
    const inOut = layer.op === 'conv' ? [channels, filters] : [filters, channels]
    return [
      { name: `${name}/kernel`, shape: [kernel, kernel, ...inOut] },
      { name: `${name}/bias`, shape: [filters] }
    ]
  })
}

/** The number of values in an array of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** The number of trainable values of a network. */
export function parameterCount(spec: NetworkSpec): number {
  return parameters(spec).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** Multiplications of one image's way forward; a step takes about three times as many, with any network. */
export function multiplicationsOf(spec: NetworkSpec): number {
  const shapes = shapesOf(spec)
  return spec.layers.reduce((sum, layer) => {
    if (layer.op !== 'conv' && layer.op !== 'convTranspose') return sum
    const input = shapes.get(layer.input)!
    const [height, width] = layer.op === 'conv' ? shapes.get(layer.name)! : input
    return sum + height * width * layer.kernel ** 2 * input[2] * layer.filters
  }, 0)
}
