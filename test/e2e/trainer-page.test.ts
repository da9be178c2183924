import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PORT_MESSAGE } from '#core/api/bridge'
import { fromTrainer } from '#core/api/trainer'
import type { EngineReport } from '#core/api/values'
import { DEFAULTS } from '#core/learning/defaults'
import { obstacle, openApp, type App } from './fixture'

/** What Electron's hidden window shows, in a real browser that has WebGPU; the test plays the main process. */
describe.skipIf(obstacle)(`the trainer’s page${obstacle ? ` (skipped: ${obstacle})` : ''}`, () => {
  let app: App

  beforeAll(async () => {
    app = await openApp()
    await app.page.goto(new URL('/trainer.html', app.page.url()).href)
  })

  afterAll(() => app?.close())

  it.each(['onnx-webgpu', 'tfjs-webgpu'] as const)(
    'trains by %s and speaks the trainer’s protocol through its port',
    async (engine) => {
      const size = 32
      const config = { ...DEFAULTS, size, batch: 4, steps: 3, engine }
      const said = await app.page.evaluate(
        async ({ portMessage, config, size }) => {
          const { port1, port2 } = new MessageChannel()
          window.postMessage(portMessage, location.origin, [port2])
          const said: { type: string; event?: { type: string } }[] = []
          const until = (done: (message: (typeof said)[number]) => boolean) =>
            new Promise<void>((resolve) => {
              port1.onmessage = ({ data }) => {
                // Checkpoints are megabytes, which nobody looks at here.
                if (data.event?.type !== 'checkpoint') said.push(data)
                if (done(data) || data.type === 'failed') resolve()
              }
            })
          port1.postMessage({ type: 'open', engine: config.engine, threads: null })
          await until(({ type }) => type === 'opened')
          for (let i = 0; i < 6; i++) {
            const label = Uint8Array.from({ length: size * size }, (_, at) => (at % size < size / 2 ? 1 : 0))
            const image = Uint8Array.from({ length: 3 * size * size }, (_, at) =>
              label[Math.floor(at / 3)] ? 200 : 40
            )
            const split = i < 4 ? 'train' : 'validation'
            port1.postMessage({
              type: 'sample',
              split,
              sample: { imageId: i + 1, image, label, width: size, height: size }
            })
          }
          port1.postMessage({ type: 'train', config, resume: null })
          await until(({ event }) => event?.type === 'finished')
          return said
        },
        { portMessage: PORT_MESSAGE, config, size }
      )
      expect(said[0]).toMatchObject({
        type: 'opened',
        engine,
        device: expect.stringMatching(/WebGPU/)
      })
      const events = said.slice(1).map(({ event }) => event!)
      expect(events.filter(({ type }) => type === 'step')).toHaveLength(3)
      expect(events.at(-1)).toMatchObject({ type: 'finished', outcome: 'done', steps: 3 })
      expect(app.complaints).toEqual([])
    }
  )

  it('says whether WebGPU can be used, and that of a program that imitates a GPU', async () => {
    const inspected = await app.page.evaluate(
      (portMessage) =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          window.postMessage(portMessage, location.origin, [port2])
          port1.onmessage = ({ data }) => resolve(data)
          port1.postMessage({ type: 'inspect', engine: 'tfjs-webgpu' })
        }),
      PORT_MESSAGE
    )
    const { report } = fromTrainer.parse(inspected) as { report: EngineReport }
    expect(report).toMatchObject({ name: 'tfjs-webgpu', available: true, chosen: false })
    if (report.speedTestMilliseconds === null) expect(report.detail).toContain('never chosen')
    else expect(report.detail).toBeNull()
  })
})
