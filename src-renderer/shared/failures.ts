import { TRPCClientError } from '@trpc/client'
import type { AppRouter } from '#core/api/router-type'
import type { ErrorCode } from '#core/errors'

/** Why the host refused a call; null where it gave no reason that code could react to. */
export function reasonOf(error: unknown): ErrorCode | null {
  return isCallFailure(error) ? (error.data?.reason ?? null) : null
}

/** The call got no answer: the connection broke, and whether it was carried out is unknown. */
export function isUnanswered(error: unknown): boolean {
  return isCallFailure(error) && !error.data
}

function isCallFailure(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError
}
