import { setImmediate } from 'node:timers/promises'
import { createTrainer } from '#core/learning/trainer'
import { localBatchThread } from '../../fixtures/localBatches'
import { oneWeightEngine } from '../../fixtures/oneWeightEngine'

/** A trainer on a machine where opening tfjs-webgpu crashes the process, and all others but tfjs-wasm are software GPUs. */
const breathe = async () => void (await setImmediate())
const receive = createTrainer({
  openEngine: async (name) => {
    if (name === 'tfjs-webgpu') process.kill(process.pid, 'SIGSEGV')
    return { engine: { ...oneWeightEngine(), name }, software: name !== 'tfjs-wasm' }
  },
  startBatchThread: (listener) => localBatchThread().start(listener),
  breathe,
  post: (message) => {
    process.send!(message)
    return breathe()
  }
})
process.on('message', receive)
process.on('disconnect', () => process.exit())
