import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom } from '#core/learning/random'
import { encodeGreyPng } from '#main/images/encode'
import { loadSharp } from '#main/images/sharp.node'
import { requireBuilt } from '../../fixtures/built'
import { jaccard } from '../../fixtures/command'
import { encode } from '../../fixtures/images'
import { temporaryFolder } from '../../fixtures/temporary'

requireBuilt()
const [WIDTH, HEIGHT] = [300, 200]
const folder = temporaryFolder()
const file = join(folder, 'dots.jaccard')
const [images, masks] = [join(folder, 'images'), join(folder, 'masks')]

/** Large for what is in them: bright dots five pixels wide, which a stretched image of 32 × 32 would lose. */
async function writeDots(count: number): Promise<void> {
  for (const each of [images, masks]) mkdirSync(each)
  for (let i = 1; i <= count; i++) {
    const random = createRandom(i, 'dots')
    const centres = Array.from({ length: 40 }, () => [random.integer(WIDTH), random.integer(HEIGHT)] as const)
    const label = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) =>
      centres.some(([x, y]) => Math.hypot((at % WIDTH) - x, Math.floor(at / WIDTH) - y) < 3) ? 255 : 0
    )
    const pixels = Uint8Array.from(
      { length: 3 * label.length },
      (_, at) => (label[Math.floor(at / 3)] ? 170 : 60) + random.integer(40)
    )
    writeFileSync(join(images, `${i}.png`), await encode('png', pixels, WIDTH, HEIGHT))
    writeFileSync(join(masks, `${i}.png`), await encodeGreyPng(label, WIDTH, HEIGHT))
  }
}

async function decoded(path: string) {
  const { data, info } = await loadSharp()(readFileSync(path))
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { pixels: new Uint8Array(data), width: info.width, height: info.height }
}

/** Foreground IoU of two masks. */
function overlap(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0]
  a.forEach((value, i) => {
    if (value && b[i]) both++
    if (value || b[i]) either++
  })
  return both / either
}

describe('small things in large images', () => {
  it('are learned from crops', async () => {
    await writeDots(6)
    expect((await jaccard(['new', file, '--images', images, '--masks', masks, '--val', '[56]'])).code).toBe(0)
    const words = ['--steps', '60', '--lr', '0.004', '--seed', '1', '--engine', 'onnx-cpu', '--json']
    const outcome = await jaccard([
      'train',
      file,
      '--arch',
      'UNet-xs',
      '--size',
      '32',
      '--crop',
      '32',
      ...words
    ])
    expect(outcome.code).toBe(0)
    expect(outcome.json()).toMatchObject({ size: 32, crop: 32, flat: false })
    const whole = await jaccard([
      'train',
      file,
      '--arch',
      'UNet-xs',
      '--size',
      '32',
      '--crop',
      'none',
      ...words
    ])
    expect(whole.json()).toMatchObject({ size: 32, crop: null })
  })

  it('are predicted over whole images at their own size', async () => {
    const found: number[] = []
    for (const run of ['1', '2']) {
      const to = join(folder, `to-${run}`)
      expect((await jaccard(['predict', file, '--run', run, '--images', images, '--to', to])).code).toBe(0)
      expect(readdirSync(join(to, 'probabilities'))).toHaveLength(6)
      const mask = await decoded(join(to, 'masks', '5.png'))
      expect([mask.width, mask.height]).toEqual([WIDTH, HEIGHT])
      found.push(overlap(mask.pixels, (await decoded(join(masks, '5.png'))).pixels))
    }
    expect(found[0]).toBeGreaterThan(0.6)
    expect(found[1]).toBeLessThan(0.4)
    // At full resolution the metrics are those of the masks.
    const evaluated = (await jaccard(['evaluate', file, '--run', '1', '--json'])).json()
    const { images: judged } = evaluated as unknown as { images: { image: string; iou1: number }[] }
    expect(judged.find(({ image }) => image === '5.png')!.iou1).toBeCloseTo(found[0]!, 6)
  })

  it('are shown in reports at the proportions of the image', async () => {
    const to = join(folder, 'report')
    expect((await jaccard(['report', file, '--runs', '1', '--to', to])).code).toBe(0)
    const page = readFileSync(join(to, 'report.html'), 'utf8')
    expect(page).toContain('32 x 32, crops of 32 px')
    expect(page).toContain('--crop 32')
    expect(page).toMatch(new RegExp(`width="${WIDTH}" height="${HEIGHT}"`))
  })

  it('need a crop that is one', async () => {
    for (const crop of ['8', '20000', 'half']) {
      const { code, stderr } = await jaccard(['train', file, '--crop', crop])
      expect(code).toBe(2)
      expect(stderr).toContain('It has to be a whole number from 16 to 16384')
    }
  })
})
