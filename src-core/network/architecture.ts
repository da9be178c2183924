import { JaccardError } from '#core/errors'
import type { Layer, NetworkSpec } from '#core/network/spec'

/** First layer's filters by width suffix; every next level doubles them. */
const FIRST_FILTERS = { xs: 16, s: 32, m: 64 } as const
type Width = keyof typeof FIRST_FILTERS

export const GRAMMAR =
  'VGG6{xs|s|m}-Fc6-k{1|3|5|7}-{filters}-Deconv-{k64s32|k32s16|k16s8} or UNet-{xs|s|m}, ' +
  'for example VGG6xs-Fc6-k1-512-Deconv-k64s32 or UNet-xs'

const VGG = /^VGG6(xs|s|m)-Fc6-k([1357])-([1-9]\d{0,3})-Deconv-k(64s32|32s16|16s8)$/
const UNET = /^UNet-(xs|s|m)$/

/**
 * The network that an architecture's name stands for.
 *
 * @param name A name in the grammar `GRAMMAR`.
 * @param size Input height and width in pixels, a multiple of the architecture's stride.
 * @param outputs Linear outputs per pixel.
 * @throws JaccardError `usage` for a name outside the grammar and for a size that the stride does not divide.
 */
export function parseArchitecture(name: string, size: number, outputs: 1 | 2): NetworkSpec {
  const { stride, layers } = layersOf(name, outputs)
  if (!Number.isInteger(size) || size < stride || size % stride !== 0) {
    const below = Math.floor(size / stride) * stride
    const nearest = below < stride ? `${stride}` : `${below} or ${below + stride}`
    throw new JaccardError(
      'usage',
      `The size ${size} does not fit ${name}: it has to be a multiple of ${stride}; use ${nearest}.`
    )
  }
  return { architecture: name, size, outputs, stride, layers }
}

function layersOf(name: string, outputs: 1 | 2): { stride: number; layers: Layer[] } {
  const vgg = VGG.exec(name)
  if (vgg) {
    const [, width, kernel, filters, deconvolution] = vgg as unknown as [
      string,
      Width,
      string,
      string,
      string
    ]
    const stride = Number(deconvolution.split('s')[1])
    return {
      stride,
      layers: vggLayers(FIRST_FILTERS[width], Number(kernel), Number(filters), stride, outputs)
    }
  }
  const unet = UNET.exec(name)
  if (unet) return { stride: 8, layers: unetLayers(FIRST_FILTERS[unet[1] as Width], outputs) }
  throw new JaccardError('usage', `There is no architecture named "${name}"; names are ${GRAMMAR}.`)
}

/**
 * The source's fully convolutional network after VGG (Simonyan and Zisserman 2015) and FCN (Long et al. 2015):
 * one convolution and one pooling per halving, fc6 as a convolution with dropout, a linear 1×1 convolution, and
 * one transposed convolution whose kernel is twice its stride.
 */
function vggLayers(first: number, kernel: number, filters: number, stride: number, outputs: 1 | 2): Layer[] {
  const net = chain()
  for (let block = 1, width = first; 2 ** block <= stride; block++, width *= 2) {
    net.conv(`conv${block}`, width, 3)
    net.pool(`pool${block}`)
  }
  net.conv('fc6', filters, kernel)
  net.dropout('drop6')
  net.conv('score', outputs, 1, 'linear')
  net.up('deconv', outputs, 2 * stride, stride, 'linear')
  return net.layers
}

/** Levels of the U-Net, coarsest included. */
const UNET_LEVELS = 4

/**
 * A U-Net (Ronneberger et al. 2015): two convolutions per level on the way down, on the way up a 2×2
 * up-convolution, the skip connection and one convolution, with dropout at the coarsest level.
 */
function unetLayers(first: number, outputs: 1 | 2): Layer[] {
  const net = chain()
  const skips: string[] = []
  for (let level = 1; level <= UNET_LEVELS; level++) {
    const width = first * 2 ** (level - 1)
    net.conv(`down${level}a`, width, 3)
    net.conv(`down${level}b`, width, 3)
    if (level === UNET_LEVELS) break
    skips.push(net.last())
    net.pool(`pool${level}`)
  }
  net.dropout('drop')
  for (let level = UNET_LEVELS - 1; level >= 1; level--) {
    const width = first * 2 ** (level - 1)
    net.up(`up${level}`, width, 2, 2, 'relu')
    net.concat(`skip${level}`, skips[level - 1]!)
    net.conv(`merge${level}`, width, 3)
  }
  net.conv('score', outputs, 1, 'linear')
  return net.layers
}

/** Layers that each read the one before. */
function chain() {
  const layers: Layer[] = [{ op: 'input', name: 'image', channels: 3 }]
  const last = () => layers[layers.length - 1]!.name
  return {
    layers,
    last,
    conv(name: string, filters: number, kernel: number, activation: 'linear' | 'relu' = 'relu') {
      layers.push({ op: 'conv', name, input: last(), filters, kernel, activation })
    },
    pool(name: string) {
      layers.push({ op: 'maxPool', name, input: last() })
    },
    dropout(name: string) {
      layers.push({ op: 'dropout', name, input: last() })
    },
    up(name: string, filters: number, kernel: number, stride: number, activation: 'linear' | 'relu') {
      layers.push({ op: 'convTranspose', name, input: last(), filters, kernel, stride, activation })
    },
    concat(name: string, other: string) {
      layers.push({ op: 'concat', name, inputs: [last(), other] })
    }
  }
}
