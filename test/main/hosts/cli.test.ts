import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { findBrowser, INSTALL_BROWSER } from '#main/exchange/browser'
import { openImage } from '#main/images/open'
import { hasCheckpoint } from '#main/store/checkpoints'
import { openProject } from '#main/store/open'
import { findRun, listRuns } from '#main/store/runs'
import { requireBuilt } from '../../fixtures/built'
import { jaccard, type Outcome } from '../../fixtures/command'
import { decompressionBomb } from '../../fixtures/images'
import { writePictures } from '../../fixtures/pictures'
import { temporaryFolder } from '../../fixtures/temporary'

requireBuilt()
const folder = temporaryFolder()
const file = join(folder, 'discs.jaccard')
const { images, masks } = await writePictures(folder, 12)

/** One sentence on standard error, nothing on standard output, and no trace of the program. */
function expectSentence({ stdout, stderr }: Outcome, pattern: RegExp) {
  expect(stderr).toMatch(pattern)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/)
  expect(stdout).toBe('')
}

describe('a project from the command line', () => {
  it('is made of a folder of images and their masks', async () => {
    const outcome = await jaccard([
      'new',
      file,
      '--images',
      images,
      '--masks',
      masks,
      '--val',
      'disc-1*',
      '--json'
    ])
    expect(outcome.stderr).toContain('24/24')
    expect(outcome.code).toBe(0)
    expect(outcome.json()).toMatchObject({
      file,
      added: 12,
      masksMatched: 12,
      skipped: [],
      images: {
        byState: { complete: 10, 'confirmed-empty': 2 },
        bySplit: { train: { images: 9 }, validation: { images: 3 }, test: { images: 0 } }
      }
    })
  })

  it('is never written over', async () => {
    const before = readFileSync(file)
    const outcome = await jaccard(['new', file, '--images', images])
    expect(outcome.code).toBe(1)
    expectSentence(outcome, /discs\.jaccard" exists already/)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('can keep links instead of bytes, and draws splits where none are named', async () => {
    const linked = join(folder, 'linked.jaccard')
    const made = await jaccard(['new', linked, '--images', images, '--masks', masks, '--link', '--json'])
    expect(made.json()).toMatchObject({
      images: { bySplit: { train: { images: 10 }, validation: { images: 2 } } }
    })
    const project = await openProject(linked)
    expect(project.get('SELECT count(*) AS count FROM blob')).toEqual({ count: 0 })
    project.close()
  })

  it('trains, and says how well beside those that know nothing', async () => {
    const words = ['--size', '32', '--steps', '6', '--engine', 'tfjs-wasm', '--seed', '3', '--json']
    const outcome = await jaccard(['train', file, '--loss', 'xent', '--arch', 'auto', ...words])
    expect(outcome.stderr).toMatch(/Your objects are .* px wide at 32².* UNet-xs at 32² can reach/)
    expect(outcome.stderr).toMatch(
      /^Run 1: UNet-xs, \d+ parameters, tfjs-wasm · CPU \(wasm, .*\)\n(?!.*chosen)/m
    )
    expect(outcome.stderr).toMatch(/6\/6 steps, loss /)
    expect(outcome.stderr).toMatch(/step 6: validation mIoU 0\.\d{3}/)
    expect(outcome.code).toBe(0)
    const result = outcome.json()
    expect(Object.keys(result)).toEqual([
      ...[
        'run',
        'engine',
        'device',
        'arch',
        'size',
        'crop',
        'autoContrast',
        'archBecause',
        'loss',
        'steps',
        'seconds',
        'medianStepMs'
      ],
      ...['best', 'baselines', 'flat']
    ])
    expect(result).toMatchObject({ run: 1, engine: 'tfjs-wasm', arch: 'UNet-xs', loss: 'xent', steps: 6 })
    expect(result).toMatchObject({ size: 32, archBecause: expect.stringContaining('Your objects are') })
    expect(Object.keys(result['best']!)).toEqual([
      ...['step', 'threshold', 'mIoU', 'iou1', 'iou0', 'precision', 'recall']
    ])
    expect(Object.keys(result['baselines']!)).toEqual(['background', 'foreground', 'meanMask'])
  })

  it('tells its images, splits and runs', async () => {
    const outcome = await jaccard(['info', file, '--json'])
    expect(outcome.json()).toMatchObject({
      images: { total: 12 },
      runs: [{ id: 1, status: 'done', live: false }]
    })
    const words = await jaccard(['info', file])
    expect(words.stdout).toMatch(/12 images: .*10 complete/)
    expect(words.stdout).toMatch(/validation +3 +\d+\.\d % foreground/)
  })

  it('evaluates a run, pooled and for each image, as it was judged in training', async () => {
    const outcome = await jaccard(['evaluate', file, '--run', 'best', '--json'])
    expect(outcome.code).toBe(0)
    const project = await openProject(file)
    const { best } = findRun(project, 'best')
    project.close()
    const result = outcome.json() as unknown as {
      pooled: Record<string, number>
      images: { image: string; iou1: number }[]
    }
    expect(result.pooled['mIoU']).toBeCloseTo(best!.mIoU, 6)
    expect(result.images.map(({ image }) => image)).toEqual(['disc-10.png', 'disc-11.png', 'disc-12.png'])
    const all = await jaccard([
      'evaluate',
      file,
      '--run',
      '1',
      '--split',
      'all',
      '--threshold',
      '0.2',
      '--json'
    ])
    expect(all.json()).toMatchObject({ threshold: 0.2, split: 'all' })
    expect(all.json()['images']).toHaveLength(12)
  })

  it('predicts a folder in the pictures’ own size, and skips what is none', async () => {
    const wild = join(folder, 'wild')
    mkdirSync(wild)
    copyFileSync(join(images, 'disc-01.png'), join(wild, 'new.png'))
    writeFileSync(join(wild, 'notes.jpg'), 'no picture')
    const to = join(folder, 'predicted')
    const outcome = await jaccard([
      'predict',
      file,
      '--run',
      'latest',
      '--images',
      wild,
      '--to',
      to,
      '--json'
    ])
    expect(outcome.code).toBe(0)
    expect(outcome.json()).toMatchObject({ run: 1, images: 1, skipped: [{ file: 'notes.jpg' }] })
    for (const [kind, bitDepth] of [
      ['masks', 8],
      ['probabilities', 16]
    ] as const) {
      expect(readdirSync(join(to, kind))).toEqual(['new.png'])
      const { facts } = await openImage({ name: 'new.png', bytes: readFileSync(join(to, kind, 'new.png')) })
      expect(facts).toMatchObject({ width: 48, height: 48, bitDepth })
    }
  })

  it('gives its masks back as they came', async () => {
    const to = join(folder, 'masks-out')
    const outcome = await jaccard(['export', file, '--to', to, '--masks', 'png', '--json'])
    expect(outcome.json()).toMatchObject({ folder: to, files: 12 })
    expect(readdirSync(to)).toEqual(readdirSync(masks))
    const again = join(folder, 'again.jaccard')
    const made = await jaccard(['new', again, '--images', images, '--masks', to, '--json'])
    expect(made.json()).toMatchObject({ images: { byState: { complete: 10, 'confirmed-empty': 2 } } })
  })

  it('exports a model', async () => {
    const to = join(folder, 'model')
    const outcome = await jaccard([
      'export',
      file,
      '--to',
      to,
      '--model',
      '--run',
      '1',
      '--quantize',
      'float16',
      '--json'
    ])
    expect(outcome.code).toBe(0)
    expect(outcome.json()).toMatchObject({ run: 1, folder: to })
    expect(existsSync(join(to, 'model.json'))).toBe(true)
  })

  it('reports on a run as pictures and a page', async () => {
    const to = join(folder, 'report')
    const words = [
      'report',
      file,
      '--runs',
      'latest',
      '--to',
      to,
      '--image',
      'disc-11',
      '--steps',
      '1,2',
      '--json'
    ]
    const outcome = await jaccard(words)
    expect(outcome.code).toBe(0)
    expect(outcome.json()).toMatchObject({ runs: [1], folder: to })
    expect(readdirSync(to)).toEqual(['report.html', 'samples.png', 'strip.png'])
    const page = readFileSync(join(to, 'report.html'), 'utf8')
    expect(page).toContain('disc-11.png while it learned')
    expect(page.match(/<img src="data:image\/png;base64,[^"]{40}/g)).toHaveLength(6 + 3 * 4)
    expectSentence(
      await jaccard([...words.slice(0, 6), '--image', 'cat']),
      /named "cat"; there are disc-10\.png/
    )
    expectSentence(
      await jaccard([...words.slice(0, 6), '--steps', '3']),
      /no weights of step 3; it has those of 1, 2/
    )
  })

  it('verifies the exported model in a real browser, and finds one that was changed', async ({ skip }) => {
    const browser = await findBrowser()
    if (browser === null && process.env['REQUIRE_ALL'] !== '1') skip(`no browser: ${INSTALL_BROWSER}`)
    const model = join(folder, 'model')
    const outcome = await jaccard(['verify', model, '--project', file, '--json'])
    expect(outcome.code).toBe(0)
    expect(outcome.json()).toMatchObject({
      images: 3,
      passed: true,
      computedBy: expect.stringMatching(/tfjs/)
    })
    const weights = join(model, 'weights-1of1.bin')
    writeFileSync(weights, readFileSync(weights).fill(7, 100, 200))
    const changed = await jaccard(['verify', model, '--project', file, '--json'])
    expect(changed.code).toBe(1)
    expectSentence(changed, /weights-1of1\.bin in .* was changed after the export/)
  })

  it('is cancelled by Ctrl-C during training, and keeps the best checkpoint', async () => {
    const words = ['train', file, '--size', '32', '--steps', '100000', '--engine', 'auto', '--json']
    let asked = false
    const outcome = await jaccard(words, {
      onError: (said, interrupt) => {
        if (asked || !/validation mIoU/.test(said)) return
        asked = true
        interrupt()
      }
    })
    expect(outcome.code).toBe(130)
    expect(outcome.stderr).toMatch(/^Run 2: .*\n\S+ was chosen by the speed test: .* ms a step/m)
    expect(outcome.stderr).toMatch(/Run 2 was cancelled; its best checkpoint is kept\.\n$/)
    const { best } = outcome.json() as unknown as { best: { threshold: number } }
    expect(outcome.json()['run']).toBe(2)
    expect(best.threshold * 256).toBe(Math.round(best.threshold * 256))
    const project = await openProject(file)
    expect(listRuns(project)[0]).toMatchObject({ id: 2, status: 'cancelled' })
    expect(hasCheckpoint(project, 2, 'best')).toBe(true)
    project.close()
  })
})

describe('wrong usage ends with 2 and says what is allowed', () => {
  it.each([
    [['train', file, '--loss', 'jaccard'], /Allowed choices are iou, xent, .*dice, bce, lovasz, focal/],
    [['train', file, '--loss', 'focal', '--focusing', '-1'], /number from 0 to 10/],
    [['train', file, '--loss', 'bce', '--positive-weight', '0'], /number from 0\.0001 to 10000/],
    [['train', file, '--arch', 'ResNet'], /no architecture named "ResNet"; names are VGG6/],
    [['train', file, '--size', '50'], /multiple of 8; use 48 or 56/],
    [['train', file, '--size', '1e9'], /whole number from 16 to 2048/],
    [['train', file, '--lr', 'fast'], /number from 1e-9 to 1/],
    [['train', file, '--engine', 'cuda'], /Allowed choices are .*tfjs-wasm/],
    [['train', file, '--stepz', '3'], /unknown option '--stepz'/],
    [['train'], /missing required argument 'file'/],
    [['new', 'x.jaccard'], /required option '--images <folder>'/],
    [['evaluate', file], /required option '--run <run>'/],
    [['evaluate', file, '--run', 'first'], /number of a run, best or latest/],
    [['evaluate', file, '--run', '1', '--split', 'dev'], /Allowed choices are val, train, test, all/],
    [['export', file, '--to', 'x'], /either --model with --run, or --masks with a format/],
    [['export', file, '--to', 'x', '--model'], /--run with its number, best or latest/],
    [['export', file, '--to', 'x', '--masks', 'gif'], /Allowed choices are png, coco/],
    [['report', file, '--runs', '1,2,3', '--to', 'x'], /at most 2, separated by commas/],
    [['report', file, '--runs', '1'], /required option '--to <folder>'/],
    [['serve', '--port', '70000'], /whole number from 0 to 65535/],
    [['paint'], /unknown command 'paint'/],
    [[], /Usage: jaccard/]
  ])('%j', async (words, sentence) => {
    const outcome = await jaccard(words)
    expect(outcome.stderr).toMatch(sentence)
    expect(outcome.code).toBe(2)
    expect(outcome.stdout).toBe('')
  })

  it('while help and version are no mistakes', async () => {
    const [help, version] = [await jaccard(['--help']), await jaccard(['--version'])]
    expect([help.code, version.code]).toEqual([0, 0])
    expect(help.stdout).toMatch(/train \[options\] <file>/)
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('bad input ends with 1 and one sentence', () => {
  it('for a project that is a picture, empty, another program’s or missing', async () => {
    const picture = join(folder, 'picture.jaccard')
    copyFileSync(join(images, 'disc-01.png'), picture)
    const empty = join(folder, 'empty.jaccard')
    writeFileSync(empty, '')
    const foreign = join(folder, 'foreign.jaccard')
    const database = new Database(foreign)
    database.exec('CREATE TABLE a (b)')
    database.close()
    for (const [path, sentence] of [
      [picture, /picture\.jaccard" is not a Jaccard project but a file of another kind/],
      [empty, /empty\.jaccard" is empty \(0 bytes\)/],
      [foreign, /foreign\.jaccard" is a database of another program/],
      [join(folder, 'missing.jaccard'), /There is no project ".*missing\.jaccard"/]
    ] as const) {
      const outcome = await jaccard(['info', path])
      expect(outcome.code).toBe(1)
      expectSentence(outcome, sentence)
    }
  })

  it('for a project of a newer version, which can still be read', async () => {
    const newer = join(folder, 'newer.jaccard')
    copyFileSync(file, newer)
    const database = new Database(newer)
    database.pragma('user_version = 999')
    database.close()
    const looked = await jaccard(['info', newer])
    expect(looked.code).toBe(0)
    expect(looked.stderr).toMatch(/made by a newer version of Jaccard/)
    const trained = await jaccard(['train', newer, '--steps', '1'])
    expect(trained.code).toBe(1)
    expect(trained.stderr.trimEnd().split('\n').at(-1)).toMatch(/open for reading only/)
  })

  it('for folders that are missing, without pictures, or not to be written to', async () => {
    const target = join(folder, 'never.jaccard')
    const barren = join(folder, 'barren')
    mkdirSync(barren)
    writeFileSync(join(barren, 'notes.txt'), 'no picture')
    const missing = await jaccard(['new', target, '--images', join(folder, 'nowhere')])
    expectSentence(missing, /The folder ".*nowhere" cannot be read/)
    const without = await jaccard(['new', target, '--images', barren])
    expectSentence(without, /barren" holds no pictures/)
    const elsewhere = await jaccard(['new', join(folder, 'no', 'such', 'x.jaccard'), '--images', images])
    expectSentence(elsewhere, /The folder ".*such" does not exist/)
    const unwritable = await jaccard(['new', '/proc/x.jaccard', '--images', images])
    expectSentence(unwritable, /cannot be created in "\/proc"/)
    expect([missing, without, elsewhere, unwritable].map(({ code }) => code)).toEqual([1, 1, 1, 1])
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([])
  })

  it('for pictures that lie, each with its reason, while the rest is in', async () => {
    const mixed = join(folder, 'mixed')
    mkdirSync(mixed)
    const good = readFileSync(join(images, 'disc-01.png'))
    writeFileSync(join(mixed, 'good.png'), good)
    writeFileSync(join(mixed, 'cut.png'), good.subarray(0, good.length / 2))
    writeFileSync(join(mixed, 'text.jpg'), 'This is a text.')
    writeFileSync(join(mixed, 'nothing.png'), '')
    writeFileSync(join(mixed, 'bomb.png'), decompressionBomb())
    const outcome = await jaccard(['new', join(folder, 'mixed.jaccard'), '--images', mixed, '--json'])
    expect(outcome.code).toBe(0)
    const report = outcome.json() as unknown as { added: number; skipped: { file: string; reason: string }[] }
    expect(report.added).toBe(1)
    expect(report.skipped.map(({ file }) => file)).toEqual(['bomb.png', 'cut.png', 'nothing.png', 'text.jpg'])
    for (const { file, reason } of report.skipped) expect(reason).toContain(file)
  })

  it('for a pattern that matches nothing, and runs that are not there', async () => {
    const outcome = await jaccard(['new', join(folder, 'p.jaccard'), '--images', images, '--val', 'zebra*'])
    expect(outcome.code).toBe(1)
    expect(outcome.stderr.trimEnd().split('\n').at(-1)).toMatch(/base name matches --val zebra\*/)
    const fresh = join(folder, 'mixed.jaccard')
    expectSentence(await jaccard(['evaluate', fresh, '--run', 'best']), /no trained run yet/)
    expectSentence(await jaccard(['evaluate', fresh, '--run', '7']), /no run 7/)
  })

  it('with the trace of the program only where it is asked for', async () => {
    const { stderr } = await jaccard(['info', join(folder, 'missing.jaccard')], {
      env: { JACCARD_DEBUG: '1' }
    })
    expect(stderr).toMatch(/\bat .*:\d+:\d+/)
  })
})
