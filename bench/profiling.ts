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
  const sessions = new Set<InferenceSession>()
  let created = 0
  const create = InferenceSession.create.bind(InferenceSession)
  Object.assign(InferenceSession, {
    create: async (model: Uint8Array, options?: InferenceSession.SessionOptions) => {
      const profileFilePrefix = join(folder, `session-${created++}`)
      const session = await create(model, { ...options, enableProfiling: true, profileFilePrefix })
      sessions.add(session)
      const release = session.release.bind(session)
      session.release = () => {
        sessions.delete(session)
        return release()
      }
      return session
    }
  })
  return () => sessions.forEach((session) => session.endProfiling())
}
