import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findBrowser } from '#main/exchange/browser'
import { temporaryFolder } from '../../fixtures/temporary'

async function program(folder: string, name: string, mode = 0o755): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  await writeFile(path, '')
  await chmod(path, mode)
  return path
}

describe('finding a browser', () => {
  it('takes CHROME_PATH before anything else', async () => {
    const folder = temporaryFolder()
    const own = await program(folder, 'my-chrome')
    await program(join(folder, 'bin'), 'chromium')
    expect(await findBrowser({ CHROME_PATH: own, PATH: join(folder, 'bin') }, 'linux')).toBe(own)
  })

  it('finds none where CHROME_PATH names none, rather than another one', async () => {
    const folder = temporaryFolder()
    await program(folder, 'chromium')
    expect(await findBrowser({ CHROME_PATH: join(folder, 'gone'), PATH: folder }, 'linux')).toBeNull()
  })

  it('looks through the search path on Linux, Chromium first', async () => {
    const folder = temporaryFolder()
    const chrome = await program(join(folder, 'a'), 'google-chrome')
    const path = [join(folder, 'a'), join(folder, 'b')].join(':')
    const found = await findBrowser({ PATH: path }, 'linux')
    // A browser of this machine may come first; ours counts only where there is none.
    expect([chrome, '/usr/bin/chromium', '/snap/bin/chromium', '/usr/bin/chromium-browser']).toContain(found)
    const chromium = await program(join(folder, 'b'), 'chromium')
    expect(await findBrowser({ PATH: path }, 'linux')).toBe(chromium)
  })

  it('passes over what cannot be run', async () => {
    const folder = temporaryFolder()
    await program(join(folder, 'a'), 'chromium', 0o644)
    const right = await program(join(folder, 'b'), 'chromium')
    expect(await findBrowser({ PATH: [join(folder, 'a'), join(folder, 'b')].join(':') }, 'linux')).toBe(right)
  })

  it('finds an application in the home folder of macOS', async () => {
    const home = temporaryFolder()
    const path = await program(join(home, 'Applications/Chromium.app/Contents/MacOS'), 'Chromium')
    expect(await findBrowser({ HOME: home }, 'darwin')).toBe(path)
  })
})
