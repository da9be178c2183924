import { app, protocol, type BrowserWindow } from 'electron'
import { join, resolve } from 'node:path'
import { messageOf } from '#core/errors'
import { createHost, type Host } from '#main/api/host'
import { places } from '#main/api/places'
import { createRpc } from '#main/api/rpc'
import { createWeb, refusal } from '#main/api/web'
import { app as program } from '#main/app'
import { installBridge } from './desktop/bridge.electron'
import { installMenu } from './desktop/menu.electron'
import { isOwn, SCHEME } from './desktop/origin'
import { harden } from './desktop/security.electron'
import { startTrainer } from './desktop/trainers.electron'
import { openWindow } from './desktop/window.electron'

// The first to start has the project; others hand over what they were asked to open and leave.
if (app.requestSingleInstanceLock()) start()
else app.quit()

function start(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }
  ])
  harden()
  const host = createHost({ kind: 'electron', places: places(), startTrainer })
  let window: BrowserWindow | null = null
  let closed = false

  async function show(): Promise<void> {
    window = await openWindow()
    // Not `window-all-closed`: a trainer's hidden window may still be open.
    window.once('closed', () => {
      window = null
      app.quit()
    })
  }

  app.on('second-instance', (_event, words) => {
    void openProject(host, words)
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    void openProject(host, [path])
  })
  // Without a listener Electron would quit when a trainer's window is the last one to close.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void host.close().finally(() => {
      closed = true
      app.quit()
    })
  })

  void app.whenReady().then(async () => {
    installMenu(process.platform)
    const web = createWeb({ ...host.content, renderer: join(program().root, 'out/renderer'), connectTo: [] })
    protocol.handle(SCHEME, (request) =>
      isOwn(request.url) ? web(request) : refusal(404, 'There is nothing at this address.')
    )
    const rpc = createRpc(host.services)
    installBridge(rpc, () => window, host.services.host().projectsFolder)
    await openProject(host, process.argv)
    await show()
  })
}

/** Opens the project that a command line names, if it does. */
async function openProject(host: Host, words: string[]): Promise<void> {
  const file = words.findLast((word) => word.endsWith('.jaccard'))
  if (file === undefined) return
  try {
    await host.services.project.open(resolve(file))
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
  }
}
