import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { bundleContents } from '#main/exchange/bundle/contents'
import { writeBundle } from '#main/exchange/bundle/folder'
import { checkBundle } from '#main/exchange/verify/check'
import { redFinder } from '../../../fixtures/models'
import { temporaryFolder } from '../../../fixtures/temporary'

const SCRIPTS = new Map([
  ['tf.min.js', Buffer.from('// tensorflow\n')],
  ['jaccard.js', Buffer.from('// loader\n')]
])
const bundle = await bundleContents(redFinder(2), 'none', SCRIPTS)
const another = await bundleContents(redFinder(1), 'none', SCRIPTS)

let folder: string
beforeEach(async () => {
  folder = await writeBundle(join(temporaryFolder(), 'model'), bundle)
})

const refusal = (words: RegExp) => ({ message: expect.stringMatching(words) as string })

describe('reading an exported model before it is run', () => {
  it('gives what a browser needs of it', async () => {
    const { info, files } = await checkBundle(folder, SCRIPTS)
    expect(info.training.run).toBe(1)
    expect([...files.keys()].sort()).toEqual(
      ['jaccard.js', 'model.json', 'preprocess.json', 'tf.min.js', 'weights-1of1.bin'].sort()
    )
  })

  it.each(['jaccard.js', 'tf.min.js'])('refuses a changed %s', async (name) => {
    await writeFile(
      join(folder, name),
      `${await readFile(join(folder, name), 'utf8')}fetch('https://example.org')`
    )
    await expect(checkBundle(folder, SCRIPTS)).rejects.toMatchObject({
      code: 'bad-input',
      ...refusal(new RegExp(`^${name} in .* is not the file that this version`))
    })
  })

  it('refuses a single changed bit of the weights', async () => {
    const file = join(folder, 'weights-1of1.bin')
    const bytes = await readFile(file)
    bytes[3]! ^= 1
    await writeFile(file, bytes)
    await expect(checkBundle(folder, SCRIPTS)).rejects.toMatchObject(
      refusal(/^weights-1of1\.bin .* was changed/)
    )
  })

  it('refuses a changed topology', async () => {
    const file = join(folder, 'model.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"sigmoid"', '"linear"'))
    await expect(checkBundle(folder, SCRIPTS)).rejects.toMatchObject(refusal(/^model\.json .* was changed/))
  })

  it('refuses another model in the script for pages from disk', async () => {
    await writeFile(join(folder, 'model-embedded.js'), another.get('model-embedded.js')!)
    await expect(checkBundle(folder, SCRIPTS)).rejects.toMatchObject(
      refusal(/^model-embedded\.js .* not the model/)
    )
  })

  it('does without that script', async () => {
    await rm(join(folder, 'model-embedded.js'))
    expect((await checkBundle(folder, SCRIPTS)).files.has('model.json')).toBe(true)
  })

  it.each(['model.json', 'weights-1of1.bin', 'preprocess.json', 'jaccard.js'])('misses %s', async (name) => {
    await rm(join(folder, name))
    await expect(checkBundle(folder, SCRIPTS)).rejects.toMatchObject({
      code: 'not-found',
      ...refusal(new RegExp(`no complete exported model: ${name} cannot be read`))
    })
  })

  it('misses the folder', async () => {
    await expect(checkBundle(join(folder, 'gone'), SCRIPTS)).rejects.toMatchObject({ code: 'not-found' })
  })

  it.each([
    ['text', 'no JSON at all'],
    ['another program’s JSON', '{"format":"other"}'],
    ['a threshold that is none', JSON.stringify({ format: 'jaccard-model', version: 1, threshold: 7 })]
  ])('refuses a preprocess.json that is %s', async (_, content) => {
    await writeFile(join(folder, 'preprocess.json'), content)
    await expect(checkBundle(folder, SCRIPTS)).rejects.toMatchObject(
      refusal(/^preprocess\.json .* is not what/)
    )
  })

  it('never reads a file outside of the folder that the manifest names', async () => {
    const model = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as {
      weightsManifest: { paths: string[] }[]
    }
    model.weightsManifest[0]!.paths = ['../../../etc/passwd']
    const text = JSON.stringify(model)
    await writeFile(join(folder, 'model.json'), text)
    // Also when its checksum was changed along with it.
    const info = JSON.parse(await readFile(join(folder, 'preprocess.json'), 'utf8')) as {
      files: Record<string, string>
    }
    const { createHash } = await import('node:crypto')
    info.files['model.json'] = createHash('sha256').update(text).digest('hex')
    await writeFile(join(folder, 'preprocess.json'), JSON.stringify(info))
    await expect(checkBundle(folder, SCRIPTS)).rejects.toMatchObject(refusal(/^model\.json .* is not what/))
  })
})
