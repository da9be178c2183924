import { openTensorflow } from '#main/engines/tensorflow'
import { openWasm } from '#main/engines/wasm'
import { parseArchitecture } from '#core/network/architecture'
import { initialWeights } from '#core/network/weights'
import { outputsOf } from '#core/learning/config'
const [name, threads] = process.argv.slice(2)
const { engine } = await (name === 'tensorflow' ? openTensorflow : openWasm)({ threads: threads ? Number(threads) : null })
for (const [arch, size, loss] of [['VGG6xs-Fc6-k1-512-Deconv-k64s32', 224, 'iou'], ['UNet-xs', 128, 'iou+xent']] as const) {
  const spec = parseArchitecture(arch, size, outputsOf(loss))
  const network = await engine.compile(spec, { loss, learningRate: 1e-4, reluLogits: false })
  await network.writeWeights(initialWeights(spec, 0))
  const pixels = 10 * size * size
  const batch = { count: 10, images: Uint8Array.from({ length: pixels * 3 }, (_, i) => (i * 7919) % 251), labels: Uint8Array.from({ length: pixels }, (_, i) => (i >> 5) & 1), dropout: new Map() }
  const times: number[] = []
  for (let i = 0; i < 9; i++) {
    const t = performance.now(); await network.step(batch); await network.losses(); times.push(performance.now() - t)
  }
  times.shift(); times.sort((a, b) => a - b)
  console.log(engine.device, arch, 'threads', threads, 'min', times[0]!.toFixed(0), 'median', times[4]!.toFixed(0), 'rss', (process.resourceUsage().maxRSS / 1024).toFixed(0), 'MB')
  network.dispose()
}
