import { Menu, type MenuItemConstructorOptions } from 'electron'

/**
 * The menu bar. It takes no key that the window uses for itself: undo, redo, zoom, finding and training are the
 * window's, so those roles are left out.
 */
export function installMenu(platform: NodeJS.Platform): void {
  const edit: MenuItemConstructorOptions[] = [
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' }
  ]
  const view: MenuItemConstructorOptions[] = [
    { role: 'togglefullscreen' },
    { role: 'toggleDevTools', accelerator: 'F12' }
  ]
  const template: MenuItemConstructorOptions[] = [
    platform === 'darwin' ? { role: 'appMenu' } : { label: '&File', submenu: [{ role: 'quit' }] },
    { label: '&Edit', submenu: edit },
    { label: '&View', submenu: view }
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
