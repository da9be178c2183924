import { contextBridge, ipcRenderer } from 'electron'
import { CHANNELS, PORT_MESSAGE, type Bridge } from '#core/api/bridge'

ipcRenderer.on(PORT_MESSAGE, ({ ports }) => window.postMessage(PORT_MESSAGE, window.location.origin, ports))

const bridge: Bridge = {
  connect: () => ipcRenderer.send(CHANNELS.connect),
  chooseFolder: (title) => ipcRenderer.invoke(CHANNELS.chooseFolder, title),
  chooseProject: () => ipcRenderer.invoke(CHANNELS.chooseProject),
  chooseNewProject: (suggestion) => ipcRenderer.invoke(CHANNELS.chooseNewProject, suggestion)
}

contextBridge.exposeInMainWorld('jaccard', bridge)
