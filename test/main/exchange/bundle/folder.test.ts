import { readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { bundleContents } from '#main/exchange/bundle/contents'
import { writeBundle } from '#main/exchange/bundle/folder'
import { temporaryFolder } from '../../../fixtures/temporary'
import { redFinder } from '../../../fixtures/models'

const bundle = await bundleContents(
  redFinder(1),
  'none',
  new Map([['jaccard.js', Buffer.from('// loader\n')]])
)
const other = await bundleContents(
  redFinder(2),
  'none',
  new Map([['jaccard.js', Buffer.from('// loader\n')]])
)

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

describe('the folder of an exported model', () => {
  it('is made with its parents', async () => {
    const target = await writeBundle(join(folder, 'a/b/model'), bundle)
    expect((await readdir(target)).sort()).toEqual([...bundle.keys()].sort())
    expect(await readFile(join(target, 'model.json'))).toEqual(Buffer.from(bundle.get('model.json')!))
    expect(await readdir(join(folder, 'a/b'))).toEqual(['model'])
  })

  it('may be there and empty', async () => {
    await writeBundle(folder, bundle)
    expect(await readdir(folder)).toContain('model.json')
  })

  it('replaces an earlier model and leaves nothing else behind', async () => {
    const target = join(folder, 'model')
    await writeBundle(target, bundle)
    await writeBundle(target, other)
    expect(await readFile(join(target, 'preprocess.json'))).toEqual(
      Buffer.from(other.get('preprocess.json')!)
    )
    expect(await readdir(folder)).toEqual(['model'])
  })

  it('replaces the model that a link points to and keeps the link', async () => {
    await writeBundle(join(folder, 'model'), bundle)
    await symlink(join(folder, 'model'), join(folder, 'current'))
    await writeBundle(join(folder, 'current'), other)
    expect(await readFile(join(folder, 'model/preprocess.json'))).toEqual(
      Buffer.from(other.get('preprocess.json')!)
    )
  })

  it('is refused if it holds anything else, which stays', async () => {
    await writeFile(join(folder, 'thesis.docx'), 'years of work')
    await expect(writeBundle(folder, bundle)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('thesis.docx')
    })
    expect(await readdir(folder)).toEqual(['thesis.docx'])
  })

  it('is refused if somebody put an own file beside an earlier model', async () => {
    await writeBundle(folder, bundle)
    await writeFile(join(folder, 'holiday.jpg'), 'a picture')
    await expect(writeBundle(folder, other)).rejects.toMatchObject({ code: 'conflict' })
    expect(await readFile(join(folder, 'holiday.jpg'), 'utf8')).toBe('a picture')
    expect(await readFile(join(folder, 'preprocess.json'))).toEqual(
      Buffer.from(bundle.get('preprocess.json')!)
    )
  })

  it('is refused if it only looks like a model by the name of a file', async () => {
    await writeFile(join(folder, 'preprocess.json'), '{"mine": true}')
    await expect(writeBundle(folder, bundle)).rejects.toMatchObject({ code: 'conflict' })
    expect(await readFile(join(folder, 'preprocess.json'), 'utf8')).toBe('{"mine": true}')
  })

  it('is refused if it is a file', async () => {
    const file = join(folder, 'model')
    await writeFile(file, 'a file')
    await expect(writeBundle(file, bundle)).rejects.toMatchObject({ code: 'conflict' })
    await expect(writeBundle(join(file, 'below'), bundle)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('is refused in one sentence where nothing may be written', async ({ skip }) => {
    // Not even root may make folders there, so the test holds for every user.
    skip(process.platform !== 'linux', 'only Linux has a folder that nobody may write to')
    await expect(writeBundle('/sys/jaccard-model', bundle)).rejects.toMatchObject({
      code: 'read-only',
      message: '/sys/jaccard-model may not be written; choose another folder.'
    })
  })
})
