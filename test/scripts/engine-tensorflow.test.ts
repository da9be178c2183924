import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../fixtures/temporary'

const SCRIPT = resolve('scripts/engine-tensorflow.mjs')

/** Runs the script where only the given programs exist, each a line of shell. */
function install(programs: Record<string, string>, words: string[] = []) {
  const folder = temporaryFolder()
  const [bin, home] = [join(folder, 'bin'), join(folder, 'home')]
  mkdirSync(bin)
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...words], {
    encoding: 'utf8',
    // A port where nothing listens stands for a storage that cannot be reached.
    env: { PATH: bin, JACCARD_HOME: home, TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:9/' }
  })
  const cache = join(home, 'cache')
  return {
    status,
    stdout,
    said: stderr.trimEnd().split('\n'),
    left: existsSync(cache) ? readdirSync(cache) : []
  }
}

/** Python whose pip fails as it does without a network. */
const OFFLINE = 'case "$*" in *--version*) exit 0;; esac; echo "ERROR: no network" >&2; exit 1'

/** Python whose pip is interrupted, as it and the script are together. */
const INTERRUPTED = 'case "$*" in *--version*) exit 0;; esac; kill $PPID; while :; do :; done'

describe.skipIf(process.platform !== 'linux')('npm run engine:tensorflow', () => {
  it('says that a compiler is missing', () => {
    const { status, said } = install({})
    expect(said).toEqual([expect.stringMatching(/there is no C\+\+ compiler "c\+\+": install one .+\.$/)])
    expect(status).toBe(1)
  })

  it.each([
    ['Python', {}],
    ['pip', { python3: 'echo "No module named pip" >&2; exit 1' }]
  ])('says that %s is missing', (_, programs) => {
    const { status, said } = install({ 'c++': 'exit 0', ...programs })
    expect(said).toEqual([expect.stringMatching(/there is no Python with pip: install it .+\.$/)])
    expect(status).toBe(1)
  })

  it('says that pip could not fetch the wheel, and leaves nothing behind', () => {
    const { status, stdout, said, left } = install({ 'c++': 'exit 0', python3: OFFLINE })
    expect(stdout).toMatch(/^Fetching tensorflow\S* \d+\.\d+\.\d+, \d+ MB/)
    expect(said).toEqual([
      'ERROR: no network',
      expect.stringMatching(/^pip could not fetch tensorflow\S* .+: nothing was installed/)
    ])
    expect(status).toBe(1)
    expect(left).toEqual([])
  })

  it('ends with what it started when it is interrupted, and leaves nothing behind', () => {
    const { status, said, left } = install({ 'c++': 'exit 0', python3: INTERRUPTED })
    expect(said).toEqual([expect.stringMatching(/^Interrupted: nothing was installed/)])
    expect(status).toBe(1)
    expect(left).toEqual([])
  })

  it('says that the build for CUDA could not be reached', () => {
    const { status, said } = install({}, ['--cuda'])
    expect(said).toEqual([expect.stringMatching(/could not be reached at http.+: nothing was installed/)])
    expect(status).toBe(1)
  })
})
