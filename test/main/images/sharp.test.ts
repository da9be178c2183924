import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const sources = pathToFileURL(resolve(root, 'scripts/sources.mjs')).href
const program = resolve(root, 'test/fixtures/loadSharp.mjs')

const repeated = resolve(root, 'test/fixtures/repeatedOutput.mjs')

/** Which build of the library a process of its own loads, and the pixel that it wrote and read. */
function load(mode: string, shell: 'node' | 'electron'): string {
  return execFileSync(process.execPath, ['--import', sources, program, shell], {
    env: { ...process.env, JACCARD_SHARP: mode },
    encoding: 'utf8',
    timeout: 30_000
  })
}

describe('the image library', () => {
  it('is the native build in Node', () => {
    expect(load('', 'node')).toBe('native 9,8,7')
  })

  it('is WebAssembly where it was asked for', () => {
    expect(load('wasm', 'node')).toBe('wasm 9,8,7')
  })

  it.runIf(process.platform === 'linux')(
    'is WebAssembly inside Electron on Linux, where the native build crashes',
    () => {
      expect(load('', 'electron')).toBe('wasm 9,8,7')
    }
  )

  it('gives its output back: reading images over and over takes no more memory', () => {
    const grown = execFileSync(process.execPath, ['--expose-gc', '--import', sources, repeated])
    // 60 outputs of 6 MB would be 360.
    expect(Number(grown) / 1e6).toBeLessThan(100)
  })
})
