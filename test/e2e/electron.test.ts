import { resolve } from 'node:path'
import { _electron } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { requireBuilt } from '../fixtures/built'
import { findElectron } from '../fixtures/electron-binary'
import { temporaryFolder } from '../fixtures/temporary'

const binary = findElectron()
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])

describe('the desktop app', () => {
  requireBuilt()

  it('opens its window, makes a project and closes', async ({ skip }) => {
    const obstacle =
      binary === null
        ? 'Electron’s binary is not here; "npm start" fetches it'
        : hasDisplay
          ? null
          : 'no display'
    if (obstacle !== null && process.env['REQUIRE_ALL'] !== '1') skip(obstacle)
    const home = temporaryFolder()
    const app = await _electron.launch({
      executablePath: binary!,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), resolve('.')],
      env: { ...process.env, JACCARD_HOME: home } as Record<string, string>
    })
    const page = await app.firstWindow()
    expect(page.url()).toBe('app://jaccard/')
    await page.getByRole('button', { name: 'New project' }).click()
    await page.getByLabel('Name').fill('cells')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'Add the images to learn from' }).waitFor()
    await app.close()
  })
})
