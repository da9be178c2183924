import { BrowserWindow } from 'electron'
import { join } from 'node:path'
import { app } from '#main/exchange/bundle/parts'
import { ORIGIN } from './origin'

/** What every page of the app is shown with; isolation, sandbox and web security are Electron's defaults. */
export const WEB_PREFERENCES = {
  preload: join(app().root, 'out/preload/preload.cjs'),
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  webviewTag: false
}

/** Opens the app's window. */
export async function openWindow(): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#16181d',
    webPreferences: WEB_PREFERENCES
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(`${ORIGIN}/`)
  return window
}
