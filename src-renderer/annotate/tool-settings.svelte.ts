import { parseSettings } from './tools/settings'

const KEY = 'jaccard.brush'

/** What the person has set about painting, remembered on this machine. */
export const toolSettings = $state(parseSettings(localStorage.getItem(KEY)))

/** Whether a pen was used since the window was opened: its options are of use from then on. */
export const pen = $state({ seen: false })

/** Remembers every change; returns a function that stops it. */
export function rememberToolSettings(): () => void {
  return $effect.root(() => {
    $effect(() => localStorage.setItem(KEY, JSON.stringify(toolSettings)))
  })
}
