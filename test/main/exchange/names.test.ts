import { describe, expect, it } from 'vitest'
import { baseNameOf, fileNamesFor, stemOf } from '#main/exchange/names'

describe('base names', () => {
  it.each([
    ['photo.jpg', 'photo'],
    ['field/2024/photo.tar.png', 'photo.tar'],
    ['C:\\pictures\\photo.TIF', 'photo'],
    ['v1.2/photo', 'photo'],
    ['.hidden', '.hidden'],
    ['photo', 'photo']
  ])('%s → %s', (name, baseName) => {
    expect(baseNameOf(name)).toBe(baseName)
  })

  it('is one for two spellings of the same letters', () => {
    expect(baseNameOf('caf\u0065\u0301.png')).toBe(baseNameOf('caf\u00e9.jpg'))
  })

  it('keeps folders in a stem', () => {
    expect(stemOf('a/x.png')).toBe('a/x')
    expect(stemOf('a.b/x')).toBe('a.b/x')
  })
})

describe('file names', () => {
  it('keeps ordinary names and numbers those that would meet, whatever their case', () => {
    expect(fileNamesFor(['cell', 'leaf 2', 'cell', 'Cell', 'cell-2'], '.png')).toEqual([
      'cell.png',
      'leaf 2.png',
      'cell-2.png',
      'Cell-3.png',
      'cell-2-2.png'
    ])
  })

  it.each([
    '../../etc/passwd',
    '..\\..\\boot',
    '/absolute',
    'a\0b',
    'CON',
    'nul.x',
    '.bashrc',
    '..',
    '',
    ' ',
    'a:b'
  ])('makes a harmless name of %j', (hostile) => {
    const [name] = fileNamesFor([hostile], '.png')
    expect(name).toMatch(/^[^./\\:\0][^/\\:\0]*\.png$/)
    expect(name).not.toMatch(/^(con|nul)\./i)
  })

  it('shortens what no disk would take', () => {
    const names = fileNamesFor(['あ'.repeat(300), 'あ'.repeat(301)], '.png')
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThan(255)
  })
})
