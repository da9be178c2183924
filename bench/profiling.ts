import { join } from 'node:path'
import type { InferenceSession, InferenceSessionFactory } from 'onnxruntime-common'

/**
 * Has every session of ONNX Runtime that this process creates from now on write its profile.
 *
 * @param folder Where the files go, one per session.
 * @returns Ends the profiles, which completes the files.
 */
export async function profileSessions(folder: string): Promise<() => void> {
  const { InferenceSession } = (await import('onnxruntime-node')) as {
    InferenceSession: InferenceSessionFactory
  }
  const sessions: InferenceSession[] = []
  const create = InferenceSession.create.bind(InferenceSession)
  Object.assign(InferenceSession, {
    create: async (model: Uint8Array, options?: InferenceSession.SessionOptions) => {
      const profileFilePrefix = join(folder, `session-${sessions.length}`)
      const session = await create(model, { ...options, enableProfiling: true, profileFilePrefix })
      sessions.push(session)
      return session
    }
  })
  return () => sessions.forEach((session) => session.endProfiling())
}
