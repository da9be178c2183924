import { api } from '../shared/api'
import { session } from '../shared/session.svelte'
import type { RaceHost } from './racing.svelte'

/** The host's races as the race screen uses them. */
export const raceHost: RaceHost = {
  get races() {
    return session.races
  },
  start: (config) => api.races.start.mutate(config),
  cancel: (raceId) => api.races.cancel.mutate({ raceId }),
  resume: (raceId) => api.races.resume.mutate({ raceId }),
  remove: (raceId) => api.races.remove.mutate({ raceId }),
  follow(raceId, onProgress, onError) {
    const subscription = api.races.progress.subscribe({ raceId }, { onData: onProgress, onError })
    return () => subscription.unsubscribe()
  }
}
