import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requireBuilt } from '../fixtures/built'
import { temporaryFolder } from '../fixtures/temporary'

const ROOT = resolve('.')
const home = temporaryFolder()

/** The environment without a display, and without a memory of other projects. */
const bare: NodeJS.ProcessEnv = {
  ...process.env,
  JACCARD_HOME: home,
  ELECTRON_OVERRIDE_DIST_PATH: join(home, 'none')
}
delete bare['DISPLAY']
delete bare['WAYLAND_DISPLAY']

/** Runs `npm start`'s script until it has printed an address or has ended; an address is answered by Ctrl-C. */
async function start(environment: NodeJS.ProcessEnv, node = process.execPath) {
  const child = spawn(node, [join(ROOT, 'scripts/start.mjs')], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let [stdout, stderr] = ['', '']
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString()
    if (stdout.includes('Press Ctrl-C')) child.kill('SIGINT')
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, stdout, said: stderr.trimEnd().split('\n') }
}

/** A Node that is too old for SQLite, if this machine has one beside the one that runs the tests. */
function oldNode(): string | null {
  const node = '/usr/bin/node'
  if (!existsSync(node)) return null
  const [major] = execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1).split('.')
  return Number(major) < 22 ? node : null
}

describe('npm start', () => {
  requireBuilt()

  it('serves where there is no display, says so in one line, and ends in good order', async () => {
    const { code, stdout, said } = await start(bare)
    expect(said).toEqual(['There is no display for a window. Serving Jaccard to a browser instead.'])
    expect(stdout).toMatch(/^Jaccard is at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n/)
    expect(code).toBe(0)
  })

  it('serves where Electron’s binary cannot be fetched, and says so', async () => {
    const { code, stdout, said } = await start({
      ...bare,
      DISPLAY: ':99',
      ELECTRON_MIRROR: 'http://127.0.0.1:9/'
    })
    expect(said).toEqual([
      expect.stringMatching(/^Fetching Electron, once/),
      'Electron’s binary could not be fetched. Serving Jaccard to a browser instead.'
    ])
    expect(stdout).toMatch(/^Jaccard is at http/)
    expect(code).toBe(0)
  })

  it.skipIf(process.platform === 'win32')('opens Electron where its binary is and a display', async () => {
    const dist = join(home, 'dist')
    mkdirSync(dist)
    const record = join(home, 'arguments')
    writeFileSync(join(dist, 'electron'), `#!/bin/sh\necho "$@" > ${record}\nexit 7\n`)
    chmodSync(join(dist, 'electron'), 0o755)
    const { code, stdout } = await start({ ...bare, DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: dist })
    const words = readFileSync(record, 'utf8').trim().split(' ')
    expect(words.at(-1)).toBe(`${ROOT}/`)
    expect(words.includes('--no-sandbox')).toBe(process.platform === 'linux' && process.getuid?.() === 0)
    expect(stdout).toBe('')
    expect(code).toBe(7)
  })
})

describe('on a Node that is too old for SQLite', () => {
  requireBuilt()
  const node = oldNode()
  const absent = 'this machine has no Node older than 22 in /usr/bin'

  it('every command goes on with the Node among the packages', async ({ skip }) => {
    if (node === null) return skip(absent)
    const file = join(home, 'old.jaccard')
    const words = [join(ROOT, 'bin/jaccard.mjs'), 'sample', file, '--json']
    const { status, stdout } = spawnSync(node, words, { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ file, images: { total: 40 } })
    const { code, stdout: printed } = await start(bare, node)
    expect(printed).toMatch(/^Jaccard is at http/)
    expect(code).toBe(0)
  })

  it('says in one line what is needed where there is no other', ({ skip }) => {
    if (node === null) return skip(absent)
    const copy = join(home, 'copy')
    for (const folder of ['bin', 'scripts'])
      cpSync(join(ROOT, folder), join(copy, folder), { recursive: true })
    for (const script of [
      'bin/jaccard.mjs',
      'scripts/start.mjs',
      'scripts/test.mjs',
      'scripts/prepare.mjs'
    ]) {
      const { status, stderr } = spawnSync(node, [join(copy, script)], { encoding: 'utf8' })
      expect(stderr).toMatch(/^Jaccard needs Node 22\.\d+ or newer, and this is \d+\.\d+\.\d+; .*\n$/)
      expect(status).toBe(1)
    }
  })
})
