import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { DEFAULTS } from '#core/learning/defaults'
import { parseArchitecture } from '#core/network/architecture'
import { tfjsEngine } from '#core/network/tfjs/engine'
import { watchForFailure } from '#core/network/tfjs/failures'
import { someBatch } from '../../../fixtures/networks'

/** A WebGPU device that fails on command. */
function fakeDevice() {
  let lose: (info: { reason: string | undefined; message: string }) => void = () => undefined
  let report: (event: { error: { message: string } }) => void = () => undefined
  const device = {
    lost: new Promise<Parameters<typeof lose>[0]>((resolve) => (lose = resolve)),
    addEventListener: (_: string, listener: typeof report) => void (report = listener)
  }
  return {
    device,
    lose: (reason: string | undefined, message: string) => lose({ reason, message }),
    fail: (message: string) => report({ error: { message } })
  }
}

test('results after an error on the device are refused with its reason', async () => {
  tf.enableProdMode()
  await tf.setBackend('cpu')
  const { device, fail } = fakeDevice()
  const engine = tfjsEngine(tf, 'tfjs-webgpu', 'fake', 1, watchForFailure(device))
  const spec = parseArchitecture('UNet-xs', 8, 1)
  const network = await engine.compile(spec, { ...DEFAULTS, loss: 'iou' })
  const batch = someBatch(spec, 1)
  const { images } = batch
  await network.predict(images, 1)
  await network.step(batch, 1e-3)
  fail('Out of memory\n while creating a buffer')
  await expect(network.predict(images, 1)).rejects.toThrow(
    'The GPU failed (Out of memory): try a smaller batch'
  )
  await expect(network.losses()).rejects.toThrow('Out of memory')
  engine.dispose()
})

test('a lost device is a failure, a device that was given back is none', async () => {
  const [lost, returned] = [fakeDevice(), fakeDevice()]
  const [lostFailure, returnedFailure] = [watchForFailure(lost.device), watchForFailure(returned.device)]
  expect(lostFailure()).toBeNull()
  lost.lose('unknown', 'The driver was reset')
  returned.lose('destroyed', 'Device was destroyed')
  await Promise.all([lost.device.lost, returned.device.lost])
  expect(lostFailure()).toBe('The driver was reset')
  expect(returnedFailure()).toBeNull()
})
