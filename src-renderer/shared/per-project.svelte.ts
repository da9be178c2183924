import { session } from './session.svelte'

/**
 * A screen's state that survives a visit to another screen, but not the change to another project.
 *
 * @param make Makes it afresh. It runs outside of the component that asks, whose end would otherwise end the
 * state's derived values.
 */
export function perProject<T>(make: () => T): () => T {
  let kept: { project: string; state: T; end: () => void } | null = null

  return () => {
    const project = session.project?.path ?? ''
    if (kept?.project === project) return kept.state
    kept?.end()
    let state!: T
    const end = $effect.root(() => {
      state = make()
    })
    kept = { project, state, end }
    return state
  }
}
