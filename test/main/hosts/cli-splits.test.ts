import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SplitOverview } from '#core/api/values'
import { encodeGreyPng } from '#main/images/encode'
import { requireBuilt } from '../../fixtures/built'
import { jaccard } from '../../fixtures/command'
import { encode, noise } from '../../fixtures/images'
import { writePictures } from '../../fixtures/pictures'
import { temporaryFolder } from '../../fixtures/temporary'

requireBuilt()
const folder = temporaryFolder()
const file = join(folder, 'discs.jaccard')
const { images, masks } = await writePictures(folder, 16)
// The first picture once more, as another program saved it.
const pixels = noise(48, 48)
writeFileSync(join(images, 'noise_a.png'), await encode('png', pixels, 48, 48))
writeFileSync(join(images, 'noise_b.jpg'), await encode('jpeg', pixels, 48, 48, { quality: 95 }))
for (const name of ['noise_a.png', 'noise_b.png']) {
  writeFileSync(join(masks, name), await encodeGreyPng(new Uint8Array(48 * 48).fill(255, 0, 99), 48, 48))
}

const splitsOf = async () =>
  (await jaccard(['info', file, '--json'])).json()['splits'] as unknown as SplitOverview

describe('splits from the command line', () => {
  it('are drawn with a test set, and what looks alike is told to stay together', async () => {
    const made = await jaccard([
      ...['new', file, '--images', images, '--masks', masks],
      ...['--test', '0.25', '--val-share', '0.25', '--json']
    ])
    expect(made.code).toBe(0)
    const { settings, balance, joined } = await splitsOf()
    expect(settings).toEqual({ grouping: 'none', validationShare: 0.25, testShare: 0.25, seed: 0 })
    expect(balance.train.images + balance.validation.images + balance.test.images).toBe(18)
    expect(balance.test.images).toBeGreaterThanOrEqual(3)
    const pair = joined.find((group) => group.images.some(({ name }) => name === 'noise_a.png'))!
    expect(pair.images.map(({ name }) => name)).toEqual(['noise_a.png', 'noise_b.jpg'])
    expect(pair.images[0]!.split).toBe(pair.images[1]!.split)
    expect(pair.alike[0]!.likeness).toBeGreaterThan(0.9)
    const words = await jaccard(['info', file])
    expect(words.stdout).toContain('look alike: noise_a.png, noise_b.jpg')
  })

  it('keep the test set locked until it is asked for, and count each look', async () => {
    const words = ['--size', '32', '--steps', '2', '--engine', 'tfjs-wasm']
    expect((await jaccard(['train', file, ...words])).code).toBe(0)
    const test = ['evaluate', file, '--run', 'latest', '--split', 'test']
    const locked = await jaccard(test)
    expect(locked.code).toBe(1)
    expect(locked.stderr).toMatch(/^The test set is locked.*--unlock-test/m)
    expect(locked.stdout).toBe('')
    expect((await splitsOf()).looks).toEqual([])

    const first = await jaccard([...test, '--unlock-test', '--json'])
    expect(first.code).toBe(0)
    expect(first.json()).toMatchObject({ split: 'test', testLooks: 1 })
    expect(first.stderr).toContain('first look')
    const second = await jaccard([...test, '--unlock-test', '--json'])
    expect(second.stderr).toContain('looked at 2 times; a number you choose by is no test any more')
    const { looks, balance } = await splitsOf()
    expect(looks).toMatchObject([
      { runId: 1, images: balance.test.images },
      { runId: 1, images: balance.test.images }
    ])
    expect((await jaccard(['info', file])).stdout).toContain('looks at the test set: run 1')
  })

  it('keep it from a prediction of its files, too', async () => {
    const { balance } = await splitsOf()
    const to = join(folder, 'predicted')
    const outcome = await jaccard([
      'predict',
      file,
      '--run',
      'latest',
      '--images',
      images,
      '--to',
      to,
      '--json'
    ])
    expect(outcome.code).toBe(0)
    expect(outcome.json()).toMatchObject({ images: 18 - balance.test.images })
    expect(outcome.stderr).toContain('The test set is locked')
  })

  it('of a cross-validation are the run’s own', async () => {
    const before = (await splitsOf()).balance
    const words = ['--size', '32', '--steps', '1', '--engine', 'tfjs-wasm', '--json']
    const outcome = await jaccard(['train', file, '--folds', '4', '--fold', '2', ...words])
    expect(outcome.code).toBe(0)
    const told = (await jaccard(['info', file, '--json'])).json() as unknown as {
      runs: { config: { folds: number; fold: number } }[]
      splits: SplitOverview
    }
    expect(told.runs[0]!.config).toMatchObject({ folds: 4, fold: 2 })
    expect(told.splits.balance).toEqual(before)
    expect(told.splits.moved).toEqual([])
  })

  it('of a cross-validation validate one after the other where no fold is named', async () => {
    const words = ['--size', '32', '--steps', '1', '--engine', 'tfjs-wasm', '--json']
    const outcome = await jaccard(['train', file, '--folds', '2', ...words])
    expect(outcome.code).toBe(0)
    const told = outcome.json() as unknown as {
      folds: { fold: number; run: number; mIoU: number }[]
      mean: { mIoU: number }
      deviation: { mIoU: number }
    }
    const [first, second] = told.folds.map(({ mIoU }) => mIoU)
    expect(told.folds.map(({ fold }) => fold)).toEqual([1, 2])
    expect(told.mean.mIoU).toBeCloseTo((first! + second!) / 2)
    expect(told.deviation.mIoU).toBeCloseTo(Math.abs(first! - second!) / Math.SQRT2)
    const info = (await jaccard(['info', file, '--json'])).json() as unknown as {
      runs: { id: number; config: { folds: number; fold: number } }[]
    }
    for (const { run, fold } of told.folds) {
      expect(info.runs.find(({ id }) => id === run)?.config).toMatchObject({ folds: 2, fold })
    }
  })

  it('go by folder', async () => {
    const folders = join(folder, 'folders')
    for (let i = 0; i < 4; i++) {
      mkdirSync(join(folders, `patient${i}`), { recursive: true })
      mkdirSync(join(folder, 'labels', `patient${i}`), { recursive: true })
      for (let slice = 0; slice < 2; slice++) {
        const name = `disc-${String(1 + 2 * i + slice).padStart(2, '0')}.png`
        writeFileSync(join(folders, `patient${i}`, name), readFileSync(join(images, name)))
        writeFileSync(join(folder, 'labels', `patient${i}`, name), readFileSync(join(masks, name)))
      }
    }
    const grouped = join(folder, 'grouped.jaccard')
    const words = ['--images', folders, '--masks', join(folder, 'labels'), '--group', 'folder']
    expect((await jaccard(['new', grouped, ...words])).code).toBe(0)
    const { splits } = (await jaccard(['info', grouped, '--json'])).json() as unknown as {
      splits: SplitOverview
    }
    expect(splits.settings.grouping).toBe('folder')
    expect(splits.joined.flatMap(({ names }) => names).sort()).toEqual([
      ...['patient0', 'patient1', 'patient2', 'patient3']
    ])
    expect(splits.joined.every((group) => new Set(group.images.map(({ split }) => split)).size === 1)).toBe(
      true
    )
  })

  it.each([
    [['train', file, '--fold', '2'], /needs both/],
    [['train', file, '--folds', '4', '--fold', '5'], /Fold 5 does not exist/],
    [
      ['new', join(folder, 'x.jaccard'), '--images', images, '--val', 'a*', '--test', '0.1'],
      /nothing is left to draw/
    ],
    [
      ['new', join(folder, 'x.jaccard'), '--images', images, '--group', 'colour'],
      /Allowed choices are none, folder, prefix/
    ]
  ])('refuse what makes no sense: %j', async (words, reason) => {
    const outcome = await jaccard(words)
    expect(outcome.code).toBe(2)
    expect(outcome.stderr).toMatch(reason)
    expect(existsSync(join(folder, 'x.jaccard'))).toBe(false)
  })

  it('cannot be more folds than there are groups', async () => {
    const outcome = await jaccard(['train', file, '--folds', '50', '--fold', '1', '--steps', '1'])
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toMatch(/too few for 50 folds/)
  })
})
