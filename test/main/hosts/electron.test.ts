import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Bridge } from '#core/api/bridge'
import type { RunProgress } from '#core/api/values'
import { DEFAULTS } from '#core/learning/defaults'
import { encodeTile } from '#core/mask/codec'
import { TILE_PIXELS } from '#core/mask/tiles'
import { listImages } from '#main/store/images'
import { readMask } from '#main/store/masks'
import { createProject, openProject } from '#main/store/open'
import { portSocketOf } from '../../../src-renderer/shared/port-socket'
import { requireBuilt } from '../../fixtures/built'
import { addDiscs } from '../../fixtures/discs'
import { app, desktop, Frame, ipcMain, ipcRenderer, senderOf } from '../../fixtures/electron'
import { encode } from '../../fixtures/images'
import { temporaryFolder } from '../../fixtures/temporary'
import { clientOver, type WindowClient } from '../../fixtures/window'

vi.mock('electron', () => import('../../fixtures/electron'))
requireBuilt()

const home = temporaryFolder()
process.env['JACCARD_HOME'] = home
const file = join(home, 'painted.jaccard')
const discs = join(home, 'discs.jaccard')

/** The page's `window`, as far as ports need it. */
class Page extends EventTarget {
  jaccard?: Bridge
  location = { origin: 'app://jaccard' }

  postMessage(data: unknown, origin: string, ports: MessagePort[]) {
    expect(origin).toBe(this.location.origin)
    this.dispatchEvent(Object.assign(new Event('message'), { data, ports, source: this }))
  }
}

const page = new Page()
let client: WindowClient

beforeAll(async () => {
  const project = await createProject(discs)
  await addDiscs(project, 4, 2)
  project.close()
  vi.stubGlobal('window', page)
  await import('#main/index')
  await vi.waitFor(() => expect(desktop.windows[0]?.webContents.getURL()).toBe('app://jaccard/'))
  await import('#main/preload')
  client = clientOver('ws://app/rpc', portSocketOf(page.jaccard!))
})

afterAll(() => client?.close())

/** What the app's own scheme answers. */
const load = async (address: string) => desktop.protocols.get('app')!(new Request(address))

/** Everything that is told of a run until its end. */
function progressOf(runId: number): Promise<RunProgress[]> {
  const events: RunProgress[] = []
  return new Promise((resolve, reject) => {
    client.api.training.progress.subscribe(
      { runId },
      { onData: (event) => events.push(event), onComplete: () => resolve(events), onError: reject }
    )
  })
}

describe('the window', () => {
  it('is shown with isolation and sandbox, from the app’s own scheme', async () => {
    expect(desktop.schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }])
    expect(desktop.windows).toHaveLength(1)
    expect(desktop.windows[0]!.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      preload: expect.stringMatching(/out\/preload\/preload\.cjs$/)
    })
    const response = await load('app://jaccard/')
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/)
    expect(await response.text()).toContain('<div id="app">')
  })

  it('gets nothing from outside of its folder or from another host', async () => {
    for (const address of [
      'app://jaccard/..%2f..%2fpackage.json',
      'app://jaccard/%2e%2e/%2e%2e/package.json',
      'app://elsewhere/index.html'
    ]) {
      expect((await load(address)).status, address).toBe(404)
    }
  })

  it('leaves the window’s own keys alone', () => {
    const taken = JSON.stringify(desktop.menu)
    expect(desktop.menu.length).toBeGreaterThan(0)
    for (const role of ['undo', 'redo', 'zoomIn', 'zoomOut', 'resetZoom', 'reload', 'forceReload']) {
      expect(taken).not.toContain(`"${role}"`)
    }
    expect(taken).not.toMatch(/(Ctrl|CmdOrCtrl|Control)\+[ZYF0T]/)
  })
})

describe('over its port, with the real store', () => {
  it('a project is made, painted and shown', async () => {
    expect(await client.api.host.query()).toMatchObject({
      host: 'electron',
      projectsFolder: join(home, 'projects')
    })
    await client.api.project.create.mutate({ path: file })
    const bytes = await encode('png', new Uint8Array(300 * 200 * 3).fill(90), 300, 200)
    const added = await client.api.images.add.mutate({ name: 'grey.png', bytes })
    if (added.status !== 'added') throw new Error('Not added.')
    const tile = new Uint8Array(TILE_PIXELS)
    tile.fill(1, 0, 100)
    const stroke = {
      imageId: added.imageId,
      revision: 0,
      tool: 'brush',
      tiles: [{ index: 0, data: encodeTile(tile) }]
    }
    const change = await client.api.masks.commit.mutate(stroke)
    expect(change).toMatchObject({ revision: 1, canUndo: true })

    const picture = await load(`app://jaccard/image/${added.imageId}`)
    expect(Buffer.from(await picture.arrayBuffer()).equals(bytes)).toBe(true)
    const project = await openProject(file, { readOnly: true })
    const { tiles } = readMask(project, listImages(project)[0]!.id)
    expect(new Uint8Array(tiles[0]!.data!)).toEqual(new Uint8Array(stroke.tiles[0]!.data))
    project.close()
  })

  it('a run on WebGPU gets a hidden window, and survives as a run when that crashes', async () => {
    await client.api.project.open.mutate({ path: discs })
    const config = { ...DEFAULTS, size: 32, batch: 4, steps: 2, engine: 'tfjs-webgpu' as const }
    const { runId } = await client.api.training.start.mutate(config)
    const ended = progressOf(runId)
    await vi.waitFor(() =>
      expect(desktop.windows[1]?.webContents.getURL()).toBe('app://jaccard/trainer.html')
    )
    const window = desktop.windows[1]!
    expect(window.options).toMatchObject({
      show: false,
      webPreferences: { backgroundThrottling: false, sandbox: true }
    })
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    expect((await ended).at(-1)).toMatchObject({
      type: 'ended',
      run: { status: 'failed', message: expect.stringMatching(/crashed.*labels are safe/) }
    })
    expect(window.destroyed).toBe(true)
  })

  it('a run trains in a utility process', async () => {
    await client.api.project.open.mutate({ path: discs })
    const config = { ...DEFAULTS, size: 32, batch: 4, steps: 2, engine: 'tfjs-wasm' as const }
    const { runId } = await client.api.training.start.mutate(config)
    expect((await progressOf(runId)).at(-1)).toMatchObject({
      type: 'ended',
      run: { status: 'done', steps: 2, engine: 'tfjs-wasm' }
    })
  })
})

describe('what is not the app’s own page', () => {
  it('gets no port and no dialog', async () => {
    const window = desktop.windows[0]!
    let ports = 0
    const count = () => ports++
    ipcRenderer.on('jaccard-port', count)
    const inner = new Frame('app://jaccard/verify/x/', ipcRenderer)
    ipcMain.emit('connect', senderOf(window, inner))
    const { mainFrame } = window.webContents
    window.webContents.mainFrame = new Frame('https://evil.example/', ipcRenderer)
    ipcMain.emit('connect', senderOf(window))
    ipcMain.emit('connect', { sender: window.webContents, senderFrame: null })
    await expect(ipcRenderer.invoke('choose-folder', 'Where?')).rejects.toThrow('Only Jaccard’s own window')
    window.webContents.mainFrame = mainFrame
    expect(ports).toBe(0)
    expect(desktop.dialogs).toEqual([])
    ipcMain.emit('connect', senderOf(window))
    expect(ports).toBe(1)
    ipcRenderer.off('jaccard-port', count)
  })

  it('gets no permissions; the app’s own page may copy text', () => {
    const own = { getURL: () => 'app://jaccard/' }
    const foreign = { getURL: () => 'https://app.evil.example/' }
    const asked = (contents: object, permission: string) => {
      let answer: boolean | undefined
      desktop.permissionRequest!(contents, permission, (granted) => (answer = granted))
      expect(desktop.permissionCheck!(contents, permission)).toBe(answer)
      return answer
    }
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'clipboard-read',
      'fullscreen'
    ]) {
      expect(asked(own, permission), permission).toBe(false)
    }
    expect(asked(foreign, 'clipboard-sanitized-write')).toBe(false)
    expect(asked(own, 'clipboard-sanitized-write')).toBe(true)
    expect(desktop.permissionCheck!(null, 'clipboard-sanitized-write')).toBe(false)
  })

  it('is never navigated to, framed, or opened', () => {
    const { webContents } = desktop.windows[0]!
    const goes = (event: string, url: string) => {
      let prevented = false
      webContents.emit(event, { url, preventDefault: () => (prevented = true) }, url)
      return !prevented
    }
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of [
        'https://evil.example/',
        'file:///etc/passwd',
        'app://jaccard.evil/',
        'app://elsewhere/',
        ''
      ]) {
        expect(goes(event, url), `${event} ${url}`).toBe(false)
      }
      expect(goes(event, 'app://jaccard/verify/x/')).toBe(true)
    }
    expect(goes('will-attach-webview', 'app://jaccard/')).toBe(false)
    const open = webContents.windowOpen as (details: { url: string }) => unknown
    for (const url of ['https://evil.example/', 'file:///etc/passwd', 'javascript:alert(1)', 'nonsense']) {
      expect(open({ url })).toEqual({ action: 'deny' })
    }
    expect(desktop.openedOutside).toEqual([])
    expect(open({ url: 'https://www.tensorflow.org/js' })).toEqual({ action: 'deny' })
    expect(desktop.openedOutside).toEqual(['https://www.tensorflow.org/js'])
  })
})

describe('dialogs', () => {
  it('give a path, or null where they were cancelled', async () => {
    desktop.answers = ['/some/folder', null, '/some/n.jaccard', null]
    expect(await page.jaccard!.chooseFolder('Where shall the model be?')).toBe('/some/folder')
    expect(await page.jaccard!.chooseProject()).toBe(null)
    expect(await page.jaccard!.chooseNewProject('cells.jaccard')).toBe('/some/n.jaccard')
    expect(await page.jaccard!.chooseNewProject('cells.jaccard')).toBe(null)
    expect(desktop.dialogs).toMatchObject([
      { title: 'Where shall the model be?', properties: ['openDirectory', 'createDirectory'] },
      { properties: ['openFile'] },
      { defaultPath: join(home, 'projects', 'cells.jaccard') },
      {}
    ])
  })
})

describe('closing with something unsaved', () => {
  it('asks, and leaves only where it is told to', () => {
    const { webContents } = desktop.windows[0]!
    const leaves = (answer: string) => {
      let left = false
      desktop.answers = [answer]
      // Electron's word for it: to prevent the prevention is to leave.
      webContents.emit('will-prevent-unload', { preventDefault: () => (left = true) })
      return left
    }
    expect(leaves('Stay')).toBe(false)
    expect(leaves('Leave anyway')).toBe(true)
    expect(desktop.dialogs.at(-1)).toMatchObject({ message: 'Something is not saved yet.' })
  })
})

describe('the app', () => {
  it('opens in the one window what a second start was asked to open', async () => {
    app.emit('second-instance', {}, ['electron', '.', file])
    await vi.waitFor(async () => expect((await client.api.project.current.query())?.path).toBe(file))
    expect(desktop.windows.filter(({ options }) => options.show !== false)).toHaveLength(0)
    expect(desktop.windows[0]!.focused).toBe(1)
  })

  it('closes its project in good order before it quits', async () => {
    expect(statSync(`${file}-wal`).isFile()).toBe(true)
    desktop.windows[0]!.destroy()
    await desktop.quit
    expect(existsSync(`${file}-wal`)).toBe(false)
  })
})
