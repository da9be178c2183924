import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, matchesGlob, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requireBuilt } from '../fixtures/built'

const require = createRequire(import.meta.url)
const root = resolve('.')

/** The packager's own reading of our settings, without its downloads. */
interface Packager {
  getConfig(root: string, file: string, request: null): Promise<Settings>
  validateConfiguration(settings: object, logger: object): Promise<void>
}
interface Settings {
  electronFuses: Record<string, boolean>
  asarUnpack: string[]
  files: string[]
  linux: { files: string[] }
  mac: { files: string[] }
  win: { files: string[] }
}

const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config') as Packager
const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => object }

const settings = await getConfig(root, 'build/electron-builder.yml', null)

describe('the packaged app', () => {
  requireBuilt()

  it('has settings that the packager accepts, and a mistake in them would be found', async () => {
    await validateConfiguration(settings, new DebugLogger(false))
    await expect(
      validateConfiguration({ ...settings, asarUnpak: [] }, new DebugLogger(false))
    ).rejects.toThrow(/asarUnpak/)
  })

  it('has its fuses blown: no Node by the back door, only its own code', () => {
    expect(settings.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false
    })
  })

  it('leaves out what crashes inside Electron on Linux, and ships what takes its place', () => {
    expect(settings.linux.files).toContain('!**/node_modules/@img/sharp-linux*/**')
    const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      optionalDependencies: Record<string, string>
    }
    expect(optionalDependencies).toHaveProperty('@img/sharp-wasm32')
  })

  it('ships ONNX Runtime for its own platform only, where the system can load it', () => {
    expect(settings.asarUnpack).toContain('**/node_modules/onnxruntime-node/bin/**')
    const platforms = { linux: 'linux', mac: 'darwin', win: 'win32' } as const
    for (const [target, own] of Object.entries(platforms)) {
      const [pattern] = settings[target as keyof typeof platforms].files.filter((file) =>
        file.includes('onnxruntime-node')
      )
      const bin = 'node_modules/onnxruntime-node/bin'
      const left = globSync(`${bin}/*/*`).filter(
        (folder) => !matchesGlob(`${folder}/x64`, pattern!.replace('!**/', ''))
      )
      expect(left.map((folder) => basename(folder))).toEqual([own])
    }
  })

  it('has a preload script with nothing left to require but Electron', () => {
    const preload = readFileSync('out/preload/preload.cjs', 'utf8')
    const required = [...preload.matchAll(/require\(\s*["'`]([^"'`]+)/g)].map(([, name]) => name)
    expect(required).toEqual(['electron'])
  })

  it('asks for Electron only in its own entry, so that the other hosts start without', () => {
    const users = globSync('out/main/**/*.js').filter((file) =>
      /from\s*["']electron["']/.test(readFileSync(file, 'utf8'))
    )
    expect(users).toEqual(['out/main/index.js'])
  })
})
