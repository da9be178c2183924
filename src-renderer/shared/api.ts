import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import type { Bridge } from '#core/api/bridge'
import type { AppRouter } from '#core/api/router-type'
import { wire } from '#core/api/wire'
import { portSocketOf } from './port-socket'

declare global {
  interface Window {
    jaccard?: Bridge
  }
}

/** Native dialogs, where the window runs in Electron; null in a browser. */
export const bridge: Bridge | null = window.jaccard ?? null

const socket = createWSClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`,
  WebSocket: bridge ? portSocketOf(bridge) : undefined,
  // Opens at the first use; stays open while anything is subscribed, and reconnects while it is.
  lazy: { enabled: true, closeMs: 60_000 },
  retryDelayMs: (attempt) => Math.min(250 * 2 ** attempt, 5_000),
  experimental_encoder: wire
})

const unchanged = { serialize: (value: unknown) => value, deserialize: (value: unknown) => value }

/**
 * The host's procedures: `api.images.list.query()`, `api.masks.commit.mutate(stroke)`,
 * `api.project.changes.subscribe(undefined, { onData, onError, onComplete })`. Failed calls reject with an error
 * whose message is a sentence for the person. Subscriptions are resumed when a lost connection is back.
 */
export const api = createTRPCClient<AppRouter>({
  links: [wsLink({ client: socket, transformer: { input: unchanged, output: unchanged } })]
})

/** Tells whether the host can be reached, now and at every change; returns a function that stops telling. */
export function onConnection(listener: (connected: boolean) => void): () => void {
  const subscription = socket.connectionState.subscribe({
    next: ({ error }) => listener(error === null)
  })
  return () => subscription.unsubscribe()
}
