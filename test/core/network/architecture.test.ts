import { describe, expect, test } from 'vitest'
import { GRAMMAR, parseArchitecture } from '#core/network/architecture'
import { parameterCount, parameters, shapesOf } from '#core/network/shapes'

const SOURCE = 'VGG6xs-Fc6-k1-512-Deconv-k64s32'

describe("the source's network", () => {
  const spec = parseArchitecture(SOURCE, 224, 1)

  test('is five blocks, fc6 with dropout, a linear score and one transposed convolution', () => {
    expect(spec.layers.map(({ name }) => name)).toEqual([
      'image',
      ...['conv1', 'pool1', 'conv2', 'pool2', 'conv3', 'pool3', 'conv4', 'pool4', 'conv5', 'pool5'],
      ...['fc6', 'drop6', 'score', 'deconv']
    ])
  })

  test('has the shapes of a fully convolutional network', () => {
    const shapes = shapesOf(spec)
    expect(shapes.get('pool1')).toEqual([112, 112, 16])
    expect(shapes.get('pool5')).toEqual([7, 7, 256])
    expect(shapes.get('drop6')).toEqual([7, 7, 512])
    expect(shapes.get('score')).toEqual([7, 7, 1])
    expect(shapes.get('deconv')).toEqual([224, 224, 1])
  })

  test('has kernels [kh, kw, in, out], transposed ones [kh, kw, out, in]', () => {
    const two = new Map(parameters(parseArchitecture(SOURCE, 224, 2)).map(({ name, shape }) => [name, shape]))
    expect(two.get('conv1/kernel')).toEqual([3, 3, 3, 16])
    expect(two.get('conv5/kernel')).toEqual([3, 3, 128, 256])
    expect(two.get('fc6/kernel')).toEqual([1, 1, 256, 512])
    expect(two.get('score/kernel')).toEqual([1, 1, 512, 2])
    expect(two.get('deconv/kernel')).toEqual([64, 64, 2, 2])
    expect(two.get('deconv/bias')).toEqual([2])
  })

  test('has 528,802 trainable values with one output', () => {
    const convolutions = [3 * 16, 16 * 32, 32 * 64, 64 * 128, 128 * 256].map((pairs) => 9 * pairs)
    const biases = 16 + 32 + 64 + 128 + 256 + 512 + 1 + 1
    const sum = convolutions.reduce((a, b) => a + b) + 256 * 512 + 512 + 64 * 64 + biases
    expect(parameterCount(spec)).toBe(sum)
    expect(sum).toBe(528_802)
  })
})

test.each([
  ['VGG6s-Fc6-k7-64-Deconv-k64s32', 32, 512, 7],
  ['VGG6m-Fc6-k3-128-Deconv-k32s16', 64, 512, 3],
  ['VGG6xs-Fc6-k1-16-Deconv-k16s8', 16, 64, 1]
])('%s doubles its filters from %i to %i, kernel of fc6 %i', (name, first, last, kernel) => {
  const shapes = new Map(parameters(parseArchitecture(name, 64, 1)).map(({ name, shape }) => [name, shape]))
  expect(shapes.get('conv1/kernel')).toEqual([3, 3, 3, first])
  expect(shapes.get('fc6/kernel')?.slice(0, 3)).toEqual([kernel, kernel, last])
})

test.each([
  ['UNet-xs', 16],
  ['UNet-s', 32],
  ['UNet-m', 64]
])('%s starts with %i filters, has four levels and returns to full size', (name, first) => {
  const spec = parseArchitecture(name, 64, 2)
  const shapes = shapesOf(spec)
  const convolutions = spec.layers.filter(({ op }) => op === 'conv')
  expect(shapes.get(convolutions[0]!.name)).toEqual([64, 64, first])
  expect(shapes.get('drop')).toEqual([8, 8, 8 * first])
  expect(shapes.get(spec.layers[spec.layers.length - 1]!.name)).toEqual([64, 64, 2])
})

test.each([
  '',
  'unet-xs',
  'UNet-l',
  'VGG16',
  'VGG6xs-Fc6-k2-512-Deconv-k64s32',
  `${SOURCE} `,
  'VGG6xs-Fc6-k1-0-Deconv-k64s32',
  'VGG6xs-Fc6-k1-512-Deconv-k64s16'
])('refuses "%s" and shows the grammar', (name) => {
  expect(() => parseArchitecture(name, 64, 1)).toThrow(GRAMMAR)
})

test.each([
  [SOURCE, 225, '224 or 256'],
  [SOURCE, 20, 'use 32'],
  ['UNet-xs', 130, '128 or 136'],
  ['UNet-xs', 64.5, '64 or 72']
])('%s at size %d names the nearest sizes that fit: %s', (name, size, hint) => {
  expect(() => parseArchitecture(name, size, 1)).toThrow(hint)
})
