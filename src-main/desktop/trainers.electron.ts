import { BrowserWindow, MessageChannelMain, utilityProcess } from 'electron'
import { join } from 'node:path'
import { PORT_MESSAGE } from '#core/api/bridge'
import type { EngineReport } from '#core/api/values'
import type { EngineName } from '#core/network/engine'
import { inspectEngines } from '#main/api/engines'
import { app } from '#main/exchange/bundle/parts'
import { received, type TrainerPort } from '#main/training/port'
import { ORIGIN } from './origin'
import { WEB_PREFERENCES } from './window.electron'

/** How trainers start in Electron, and what they can compute with. */
export interface Trainers {
  start(engine: EngineName | 'auto'): TrainerPort
  inspect(): Promise<EngineReport[]>
}

/**
 * WebGPU runs in a hidden window, since its package for Node cannot run inside Electron; the other engines run in a
 * utility process. `auto` takes the faster of both worlds.
 */
export function createTrainers(): Trainers {
  let known: Promise<EngineReport[]> | null = null

  function inspect(): Promise<EngineReport[]> {
    known ??= inspectBoth().catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }

  async function fastest(): Promise<TrainerPort> {
    const chosen = (await inspect()).find((report) => report.chosen)
    return chosen?.name === 'tfjs-webgpu' ? inWindow() : inUtilityProcess()
  }

  return {
    inspect,
    start: (engine) => {
      if (engine === 'auto') return late(fastest())
      return engine === 'tfjs-webgpu' ? inWindow() : inUtilityProcess()
    }
  }
}

async function inspectBoth(): Promise<EngineReport[]> {
  const [native, page] = [await inspectEngines(inUtilityProcess), await inspectEngines(inWindow)]
  const reports = native.map((report) => page.find(({ name }) => name === report.name) ?? report)
  const times = reports.flatMap(({ speedTestMilliseconds }) => speedTestMilliseconds ?? [])
  const least = Math.min(...times)
  return reports.map((report) => ({ ...report, chosen: report.speedTestMilliseconds === least }))
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
  void exited.then(() => {
    if (!window.isDestroyed()) window.destroy()
  })
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
    kill: () => window.destroy()
  }
}

/** A trainer that is still being chosen; listening before sending, as everybody does, keeps the order. */
function late(choosing: Promise<TrainerPort>): TrainerPort {
  const chosen = choosing.catch(() => null)
  return {
    send: async (message) => (await chosen)?.send(message),
    listen: (listener) => void chosen.then((port) => port?.listen(listener)),
    exited: choosing.then(
      (port) => port.exited,
      (error: Error) => error.message
    ),
    kill: () => void chosen.then((port) => port?.kill())
  }
}
