import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser'
]

const APPLICATIONS = ['Chromium', 'Google Chrome', 'Microsoft Edge', 'Brave Browser']

const PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe'
]

/** What to do where there is none. */
export const INSTALL_BROWSER =
  'install Chromium, Chrome or Edge (on Debian and Ubuntu "apt-get install chromium"), or set CHROME_PATH to one'

/**
 * The executable of a browser of the Chromium family: `CHROME_PATH` if set, else the first one in the usual places.
 *
 * @returns An absolute path, or null if there is none; also if `CHROME_PATH` names none.
 */
export async function findBrowser(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform
): Promise<string | null> {
  const own = environment['CHROME_PATH']
  for (const path of own ? [own] : usualPlaces(environment, platform)) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false
    )
    if (runs) return path
  }
  return null
}

function usualPlaces(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
      (name) => environment[name] ?? []
    )
    return roots.flatMap((root) => PROGRAMS.map((program) => `${root}\\${program}`))
  }
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(environment['HOME'] ? [`${environment['HOME']}/Applications`] : [])]
    return folders.flatMap((folder) =>
      APPLICATIONS.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`)
    )
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(Boolean)
  return NAMES.flatMap((name) => [...folders, '/usr/bin', '/snap/bin'].map((folder) => join(folder, name)))
}
