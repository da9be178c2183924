import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'

const script = resolve('scripts/layers.mjs')
const folder = temporaryFolder()

/** What the layer check says about a house of these files. */
function check(files: Record<string, string>) {
  const root = mkdtempSync(join(folder, 'house-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  const { status, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' })
  return { status, complaints: stderr.split('\n').filter(Boolean) }
}

const FORBIDDEN: [what: string, file: string, text: string][] = [
  ['core → Node', 'src-core/a1.ts', `import { join } from 'node:path'`],
  ['core → Node without its prefix', 'src-core/a2.ts', `import fs from 'fs'`],
  ['core → a package of the platform', 'src-core/a3.ts', `import Konva from 'konva'`],
  ['core → tfjs itself', 'src-core/a4.ts', `import * as tf from '@tensorflow/tfjs'`],
  ['core → main', 'src-core/a5.ts', `import { b } from '#main/b'`],
  ['core → main by path', 'src-core/a6.ts', `export { b } from '../src-main/b'`],
  ['core → renderer', 'src-core/a7.ts', `const b = await import('../src-renderer/b')`],
  [
    'core → main through a second door',
    'src-core/a.ts',
    `export type { AppRouter } from '../src-main/api/router'`
  ],
  ['core → main through a type expression', 'src-core/a8.ts', `export type A = import('../src-main/b').B`],
  [
    'the door as a value',
    'src-core/api/router-type.ts',
    `export { router } from '../../src-main/api/router'`
  ],
  ['main → renderer', 'src-main/a9.ts', `import type { B } from '../src-renderer/b'`],
  ['main → a window package', 'src-main/a10.ts', `import { mount } from 'svelte'`],
  ['main → Electron', 'src-main/a11.ts', `import { app } from 'electron'`],
  ['main → Electron by require', 'src-main/a12.ts', `const { app } = require('electron')`],
  ['main → a file of Electron', 'src-main/cli.ts', `import './window.electron'`],
  ['main → a component', 'src-main/a14.ts', `import App from '../src-renderer/App.svelte'`],
  ['renderer → main', 'src-renderer/a15.ts', `import type { Services } from '../src-main/api/services'`],
  ['renderer → main by alias', 'src-renderer/a16.ts', `import { x } from '#main/api/router'`],
  [
    'renderer → the router as a value',
    'src-renderer/a.ts',
    `import { AppRouter } from '#core/api/router-type'`
  ],
  ['renderer → Node', 'src-renderer/a17.ts', `import 'node:fs'`],
  ['renderer → Electron', 'src-renderer/a18.ts', `import { ipcRenderer } from 'electron'`],
  ['renderer → a file of Node', 'src-renderer/a19.ts', `import './b.node'`],
  [
    'renderer → main from a worker',
    'src-renderer/a20.ts',
    `new Worker(new URL('../src-main/b.ts', import.meta.url))`
  ],
  ['a component → main', 'src-renderer/A20.svelte', `<script>import { b } from '../src-main/b'</script>`],
  ['a component’s module → Node', 'src-renderer/A21.svelte', `<script module>import 'node:fs'</script>`]
]

describe('the layer check', () => {
  it('accepts imports that run the right way', () => {
    const { status, complaints } = check({
      'src-core/mask.ts': `import { z } from 'zod'\nimport type * as tf from '@tensorflow/tfjs'\nexport { other } from './other'`,
      'src-core/other.ts': `export const other = "import 'electron'"`,
      'src-core/api/router-type.ts': `export type { AppRouter } from '../../src-main/api/router'`,
      'src-main/api/router.ts': `import { readFile } from 'node:fs/promises'\nimport { mask } from '#core/mask'`,
      'src-main/index.ts': `import { app } from 'electron'\nimport './window.electron'`,
      'src-main/window.electron.ts': `import { BrowserWindow } from 'electron'`,
      'src-main/pool.node.ts': `import sharp from 'sharp'`,
      'src-main/cli.ts': `import './pool.node'`,
      'src-renderer/App.svelte': `<script lang="ts">\nimport { mask } from '#core/mask'\nimport { rune } from './rune.svelte'\n</script>\n<p>import 'electron'</p>`,
      'src-renderer/rune.svelte.ts': `import type { AppRouter } from '#core/api/router-type'\nimport Konva from 'konva'`
    })
    expect(complaints).toEqual([])
    expect(status).toBe(0)
  })

  describe('in a house full of violations', () => {
    const { status, complaints } = check(Object.fromEntries(FORBIDDEN.map(([, file, text]) => [file, text])))

    it.each(FORBIDDEN)('refuses %s', (_what, file) => {
      expect(complaints.filter((complaint) => complaint.startsWith(`${file} imports`))).not.toEqual([])
    })

    it('fails', () => expect(status).toBe(1))
  })

  it('fails where there is nothing to check, rather than passing', () => {
    expect(check({ 'elsewhere/a.ts': '' }).status).toBe(1)
  })
})
