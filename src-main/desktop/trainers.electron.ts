import { BrowserWindow, MessageChannelMain, utilityProcess } from 'electron'
import { join } from 'node:path'
import { PORT_MESSAGE } from '#core/api/bridge'
import type { EngineName } from '#core/network/engine'
import { app } from '#main/app'
import { received, type TrainerPort } from '#main/training/port'
import { ORIGIN } from './origin'
import { WEB_PREFERENCES } from './window.electron'

/**
 * WebGPU runs in a hidden window, since its package for Node cannot run inside Electron; the other engines run in a
 * utility process.
 */
export function startTrainer(engine: EngineName): TrainerPort {
  return engine === 'onnx-webgpu' || engine === 'tfjs-webgpu' ? inWindow() : inUtilityProcess()
}

/** A trainer in a process beside the main one, for native and wasm engines. */
function inUtilityProcess(): TrainerPort {
  const child = utilityProcess.fork(join(app().root, 'out/main/trainer.js'), [], {
    serviceName: 'Jaccard trainer',
    stdio: 'ignore'
  })
  return {
    send: async (message) => child.postMessage(message),
    listen: (listener) => void child.on('message', (message: unknown) => listener(received(message))),
    exited: new Promise((resolve) => child.once('exit', (code) => resolve(`exit code ${code}`))),
    kill: () => void child.kill()
  }
}

/** A trainer in a window that nobody sees. */
function inWindow(): TrainerPort {
  const { port1, port2 } = new MessageChannelMain()
  const window = new BrowserWindow({
    show: false,
    webPreferences: { ...WEB_PREFERENCES, backgroundThrottling: false }
  })
  const { webContents } = window
  const ready = window
    .loadURL(`${ORIGIN}/trainer.html`)
    .then(() => webContents.postMessage(PORT_MESSAGE, PORT_MESSAGE, [port2]))
  const exited = new Promise<string>((resolve) => {
    webContents.once('render-process-gone', (_event, { reason }) => resolve(reason))
    window.once('closed', () => resolve('closed'))
    ready.catch((error: Error) => resolve(error.message))
  })
  const kill = () => {
    if (!window.isDestroyed()) window.destroy()
  }
  void exited.then(kill)
  return {
    send: (message) =>
      ready.then(
        () => port1.postMessage(message),
        () => undefined
      ),
    listen: (listener) => {
      port1.on('message', ({ data }) => listener(received(data)))
      port1.start()
    },
    exited,
    kill
  }
}
