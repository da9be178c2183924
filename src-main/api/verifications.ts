import type { VerifyReport } from '#core/api/values'
import { JaccardError } from '#core/errors'
import type { Verification } from '#main/exchange/verify'
import { refusal } from './web'

/** The checks of exported models that windows of this host are working on. */
export interface Verifications {
  add(verification: Verification): { id: string; page: string }
  /** Waits for a check's end, which is also its end here. @throws JaccardError `not-found`, and what it failed with. */
  result(id: string, signal: AbortSignal): Promise<VerifyReport>
  /** Answers a request below `/verify/`. */
  handle(request: Request): Promise<Response>
  cancelAll(): void
}

export function createVerifications(): Verifications {
  const underWay = new Map<string, Verification>()

  return {
    add: (verification) => {
      const { id, page } = verification
      underWay.set(id, verification)
      return { id, page }
    },
    result: async (id, signal) => {
      const verification = underWay.get(id)
      if (!verification)
        throw new JaccardError('not-found', 'This check of a model has ended; start it again.')
      const cancel = () => verification.cancel(cancelled())
      signal.addEventListener('abort', cancel, { once: true })
      try {
        return await verification.result
      } finally {
        signal.removeEventListener('abort', cancel)
        underWay.delete(id)
      }
    },
    handle: async (request) => {
      const [, , id] = new URL(request.url).pathname.split('/')
      return underWay.get(id ?? '')?.handle(request) ?? refusal(404, 'There is nothing at this address.')
    },
    cancelAll: () => {
      for (const verification of underWay.values()) verification.cancel(cancelled())
      underWay.clear()
    }
  }
}

function cancelled() {
  return new JaccardError('cancelled', 'The check of the exported model was cancelled.')
}
