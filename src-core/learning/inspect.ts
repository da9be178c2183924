import type { EngineReport } from '#core/api/values'
import { messageOf } from '#core/errors'
import { timeStep } from '#core/learning/speed'
import type { EngineName, OpenedEngine } from '#core/network/engine'
import { SOFTWARE_DETAIL } from '#core/network/adapter'

/**
 * Opens an engine, times it and closes it again. What fails is in the report; `chosen` is left to whoever has all
 * reports. An engine on a device that only pretends to be a GPU is not timed.
 */
export async function inspectEngine(
  name: EngineName,
  open: () => Promise<OpenedEngine>
): Promise<EngineReport> {
  const report = { name, available: false, device: null, speedTestMilliseconds: null, chosen: false }
  let opened: OpenedEngine
  try {
    opened = await open()
  } catch (error) {
    return { ...report, detail: messageOf(error) }
  }
  const { engine, software } = opened
  const { device } = engine
  try {
    if (software) return { ...report, available: true, device, detail: SOFTWARE_DETAIL }
    return { ...report, available: true, device, detail: null, speedTestMilliseconds: await timeStep(engine) }
  } catch (error) {
    return { ...report, device, detail: `The speed test failed: ${messageOf(error)}` }
  } finally {
    engine.dispose()
  }
}
