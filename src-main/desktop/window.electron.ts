import { BrowserWindow, dialog } from 'electron'
import { join } from 'node:path'
import { app } from '#main/app'
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
  // The page objects to its end while something is unsaved; Electron would then stay open without a word.
  window.webContents.on('will-prevent-unload', (event) => {
    if (leavesAnyway(window)) event.preventDefault()
  })
  await window.loadURL(`${ORIGIN}/`)
  return window
}

function leavesAnyway(window: BrowserWindow): boolean {
  const [leave, stay] = [0, 1]
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'Something is not saved yet.',
    detail: 'A stroke or an import is still under way. What has not arrived in the project would be lost.',
    buttons: ['Leave anyway', 'Stay'],
    defaultId: stay,
    cancelId: stay
  })
  return answer === leave
}
