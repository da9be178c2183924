import {
  dialog,
  ipcMain,
  MessageChannelMain,
  type BrowserWindow,
  type IpcMainEvent,
  type IpcMainInvokeEvent
} from 'electron'
import { join } from 'node:path'
import { z } from 'zod'
import { CHANNELS, PORT_MESSAGE } from '#core/api/bridge'
import { JaccardError } from '#core/errors'
import type { Rpc } from '#main/api/rpc'
import { isOwn } from './origin'

const FILTERS = [{ name: 'Jaccard project', extensions: ['jaccard'] }]

const text = z.string().max(200)

/**
 * The main process's side of the preload script's bridge: ports to the procedures, and native dialogs. Only the
 * app's own pages are heard, and of them only the frame that fills the window.
 *
 * @param window The window that dialogs belong to.
 * @param projects The folder where new projects are suggested.
 */
export function installBridge(rpc: Rpc, window: () => BrowserWindow | null, projects: string): void {
  ipcMain.on(CHANNELS.connect, (event) => {
    if (!isTrusted(event)) return
    const { port1, port2 } = new MessageChannelMain()
    rpc.connect(port1)
    event.senderFrame?.postMessage(PORT_MESSAGE, PORT_MESSAGE, [port2])
  })

  answer(CHANNELS.chooseFolder, async (title) => {
    const chosen = await dialog.showOpenDialog(owner(), {
      title: text.parse(title),
      properties: ['openDirectory', 'createDirectory']
    })
    return chosen.filePaths[0] ?? null
  })
  answer(CHANNELS.chooseProject, async () => {
    const chosen = await dialog.showOpenDialog(owner(), { filters: FILTERS, properties: ['openFile'] })
    return chosen.filePaths[0] ?? null
  })
  answer(CHANNELS.chooseNewProject, async (suggestion) => {
    const defaultPath = join(projects, text.parse(suggestion))
    const chosen = await dialog.showSaveDialog(owner(), { filters: FILTERS, defaultPath })
    return chosen.canceled ? null : chosen.filePath
  })

  function owner(): BrowserWindow {
    const shown = window()
    if (shown) return shown
    throw new JaccardError('not-found', 'The window was closed.')
  }

  function answer(channel: string, work: (argument: unknown) => Promise<string | null>): void {
    ipcMain.handle(channel, (event, argument: unknown) => {
      if (!isTrusted(event)) throw new JaccardError('usage', 'Only Jaccard’s own window may ask for this.')
      return work(argument)
    })
  }
}

function isTrusted({ senderFrame, sender }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwn(senderFrame.url)
}
