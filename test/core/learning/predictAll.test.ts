import { describe, expect, it } from 'vitest'
import { predictAll, type Framed } from '#core/learning/predictAll'
import { createRandom } from '#core/learning/random'

/** Says of each pixel its red as probability, and notes how many inputs it was given at a time. */
function redNetwork() {
  const counts: number[] = []
  return {
    counts,
    predict(images: Uint8Array, count: number) {
      counts.push(count)
      return Promise.resolve(Float32Array.from({ length: images.length / 3 }, (_, i) => images[3 * i]! / 255))
    }
  }
}

function noise(width: number, height: number): Framed {
  const random = createRandom(2, 'frame', width, height)
  const image = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256))
  return { width, height, image }
}

const redsOf = ({ image }: Framed) =>
  Float32Array.from({ length: image.length / 3 }, (_, i) => image[3 * i]! / 255)

async function collect<Item extends Framed>(predicted: ReturnType<typeof predictAll<Item>>) {
  const all: { item: Item; probabilities: Float32Array }[] = []
  for await (const each of predicted) all.push(each)
  return all
}

describe('predicting whole frames', () => {
  it('gives frames of the input’s size as they are, a batch at a time with a smaller last one', async () => {
    const network = redNetwork()
    const frames = [1, 2, 3].map((i) => ({ ...noise(2, 2), id: i }))
    const predicted = await collect(predictAll(network, frames, { size: 2, batch: 2 }))
    expect(network.counts).toEqual([2, 1])
    expect(predicted.map(({ item }) => item.id)).toEqual([1, 2, 3])
    for (const { item, probabilities } of predicted) expect(probabilities).toEqual(redsOf(item))
  })

  it.each([
    [16, 1],
    [16, 3],
    [24, 5],
    [17, 100]
  ])('of any size by tiles of %i, %i at a time, leaves no seam and no gap', async (size, batch) => {
    const random = createRandom(3, 'sizes', size, batch)
    const frames = Array.from({ length: 25 }, () => noise(1 + random.integer(90), 1 + random.integer(90)))
    const network = redNetwork()
    const predicted = await collect(predictAll(network, frames, { size, batch }))
    expect(predicted.map(({ item }) => item)).toEqual(frames)
    for (const { item, probabilities } of predicted) expect(probabilities).toEqual(redsOf(item))
    // Tiles of several frames go through together.
    expect(network.counts.slice(0, -1).every((count) => count === batch)).toBe(true)
  })

  it('takes each pixel from the middle of the tiles that show it', async () => {
    // A network that is sure in its input's middle and wrong at its edge.
    const size = 16
    const fromEdge = (i: number) => Math.min(i, size - 1 - i)
    const network = {
      predict: (images: Uint8Array, count: number) =>
        Promise.resolve(
          Float32Array.from({ length: images.length / 3 }, (_, i) =>
            Math.min(fromEdge(i % size), fromEdge(Math.floor((i % (size * size)) / size)))
          )
        ).then((p) => (expect(p).toHaveLength(count * size * size), p))
    }
    const predicted = await collect(predictAll(network, [noise(61, 40)], { size, batch: 4 }))
    const { probabilities } = predicted[0]!
    let least = Infinity
    for (let y = 2; y < 38; y++) {
      for (let x = 2; x < 59; x++) least = Math.min(least, probabilities[y * 61 + x]!)
    }
    // Tiles share at least four pixels, so that none is taken from the outer two, but at the frame's edge.
    expect(least).toBeGreaterThanOrEqual(1)
    expect(probabilities[0]).toBe(0)
  })

  it('yields a frame as soon as it is complete, and reads no further ahead than a batch needs', async () => {
    let read = 0
    async function* frames() {
      for (let i = 0; i < 6; i++) {
        read++
        yield noise(16, 16)
      }
    }
    const predicted = predictAll(redNetwork(), frames(), { size: 16, batch: 2 })
    await predicted.next()
    expect(read).toBe(2)
    await predicted.return(undefined)
  })

  it('ends before the batch at which it is told to', async () => {
    const network = redNetwork()
    let asked = 0
    const proceed = async () => ++asked < 3
    const predicted = predictAll(network, [noise(100, 100), noise(16, 16)], { size: 16, batch: 4, proceed })
    expect(await collect(predicted)).toEqual([])
    expect(network.counts).toEqual([4, 4])
  })
})
