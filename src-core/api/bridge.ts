/**
 * The narrow bridge that Electron's preload script puts into the window, as `window.jaccard`. A window without it
 * runs in a browser against the serving host. Every method resolves to a path, or to null where the person
 * cancelled the dialog.
 */
export interface Bridge {
  /** Asks the main process for a port; it arrives as a window message `PORT_MESSAGE` with the port attached. */
  connect(): void
  chooseFolder(title: string): Promise<string | null>
  /** An existing project file. */
  chooseProject(): Promise<string | null>
  /** Where a new project file shall be; `suggestion` is a file name. */
  chooseNewProject(suggestion: string): Promise<string | null>
}

/** Names the window message that carries the port. */
export const PORT_MESSAGE = 'jaccard-port'

/** What the preload script asks the main process for, by method of the bridge. */
export const CHANNELS = {
  connect: 'connect',
  chooseFolder: 'choose-folder',
  chooseProject: 'choose-project',
  chooseNewProject: 'choose-new-project'
} as const satisfies Record<keyof Bridge, string>
