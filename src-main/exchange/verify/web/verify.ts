/** Predicts a list of images with an exported model and hands back what came out. */
import type { load, Tensorflow } from '../../bundle/web/model'
import type { Job, Outcome } from '../job'

declare const Jaccard: { load: typeof load }
declare const tf: Tensorflow

async function run(): Promise<Outcome> {
  try {
    const backend = await chooseBackend()
    const model = await Jaccard.load('bundle/')
    const { images } = (await (await ask('job.json')).json()) as Job
    for (const { address } of images) {
      const picture = await (await ask(address)).blob()
      const { probabilities } = await model.predictFrame(picture)
      await ask(address, new Blob([probabilities as Float32Array<ArrayBuffer>]))
    }
    return { status: 'done', backend }
  } catch (error) {
    return { status: 'failed', message: String(error).slice(0, 2000) }
  }
}

/** The usual backend, except where it would compute in 16 bits, which says nothing about the model. */
async function chooseBackend(): Promise<string> {
  await tf.ready()
  if (tf.getBackend() !== 'webgl' || tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) return tf.getBackend()
  await tf.setBackend('cpu')
  return 'cpu (this device’s webgl has no 32-bit floats)'
}

async function ask(address: string, body?: Blob): Promise<Response> {
  const response = await fetch(address, body ? { method: 'POST', body } : {})
  if (!response.ok) throw new Error(await response.text())
  return response
}

void run().then((outcome) => ask('outcome', new Blob([JSON.stringify(outcome)])))
