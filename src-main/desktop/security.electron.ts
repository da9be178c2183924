import { app, session, shell, type WebContents } from 'electron'
import { isOwn } from './origin'

/** Where links may lead, in the system's browser. */
const OUTSIDE = ['https://www.tensorflow.org', 'https://js.tensorflow.org', 'https://en.wikipedia.org']

/** What the app's own pages may use beside what every page may: copying text. */
const PERMISSIONS = ['clipboard-sanitized-write']

/** Takes from all pages what the app does not need: permissions, other addresses, other windows, web views. */
export function harden(): void {
  const { defaultSession } = session
  // Without both handlers Electron grants whatever is asked for.
  defaultSession.setPermissionRequestHandler((contents, permission, callback) =>
    callback(isOwn(contents.getURL()) && PERMISSIONS.includes(permission))
  )
  defaultSession.setPermissionCheckHandler(
    (contents, permission) =>
      contents !== null && isOwn(contents.getURL()) && PERMISSIONS.includes(permission)
  )
  app.on('web-contents-created', (_event, contents) => confine(contents))
}

function confine(contents: WebContents): void {
  const stayInside = (event: { preventDefault(): void }, url: string) => {
    if (!isOwn(url)) event.preventDefault()
  }
  contents.on('will-navigate', (event) => stayInside(event, event.url))
  contents.on('will-redirect', (event) => stayInside(event, event.url))
  contents.on('will-frame-navigate', (event) => stayInside(event, event.url))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (URL.canParse(url) && OUTSIDE.includes(new URL(url).origin)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}
