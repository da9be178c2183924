import { messageOf } from '#core/errors'

export type Tone = 'error' | 'info' | 'good'

/** What can be done about a message, as a button on it. */
export interface ToastAction {
  label: string
  run: () => unknown
}

export interface Toast {
  id: number
  tone: Tone
  message: string
  action: ToastAction | null
}

/** How long a message that is no error stays; errors stay until they are closed. */
const SECONDS = 6
/** More at once would hide the screen; the oldest goes first. */
const LIMIT = 4

let nextId = 1

/** The short messages at the bottom of the window. */
class Toasts {
  items = $state<Toast[]>([])

  /** Shows one sentence. A sentence that is already on screen is not shown twice. */
  show(message: string, tone: Tone = 'info', action: ToastAction | null = null): void {
    if (this.items.some((toast) => toast.message === message)) return
    const id = nextId++
    this.items = [...this.items, { id, tone, message, action }].slice(-LIMIT)
    if (tone !== 'error') setTimeout(() => this.dismiss(id), SECONDS * 1000)
  }

  dismiss(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()

/**
 * Does something that may fail; a failure ends as one visible sentence.
 *
 * @returns What `work` gave, undefined after a failure.
 */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    toasts.show(messageOf(error), 'error')
    return undefined
  }
}
