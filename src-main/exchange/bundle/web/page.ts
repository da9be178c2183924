/** The script of `index.html`: one picture in, its mask over it. */
import type { Preprocess } from '../format'
import type { Embedded, load, Model, Prediction, Tensorflow } from './model'
import { blackAndWhite, overlayOf } from './overlay'
import { pixelsOf } from './pixels'

declare const Jaccard: { load: typeof load }
declare const tf: Tensorflow

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const file = element<HTMLInputElement>('file')
const stage = element('stage')
const threshold = element<HTMLInputElement>('threshold')
const toggle = element<HTMLButtonElement>('toggle')
const overlay = element<HTMLCanvasElement>('overlay')

/** Counts the pictures, so that a slow one does not replace the one that came after it. */
let latest = 0
let shown: { name: string; prediction: Prediction; milliseconds: number } | null = null

const model = loadModel()
  .then(async (loaded) => {
    // The first prediction also compiles the network for the graphics card; better now than with a picture.
    await loaded.predict(new ImageData(1, 1))
    introduce(loaded.preprocess)
    return loaded
  })
  .catch((error: unknown) => {
    element('subtitle').textContent = 'The model could not be loaded.'
    fail(error)
    return null
  })

/** From disk nothing can be fetched, so the model then comes out of a script. */
async function loadModel(): Promise<Model> {
  if (location.protocol !== 'file:') return Jaccard.load('./')
  const script = document.createElement('script')
  script.src = 'model-embedded.js'
  await new Promise<void>((resolve, reject) => {
    script.onload = () => resolve()
    script.onerror = () =>
      reject(new Error('The file model-embedded.js is missing; open this page from a web server instead.'))
    document.head.append(script)
  })
  return Jaccard.load((globalThis as unknown as { JaccardEmbedded: Embedded }).JaccardEmbedded)
}

function introduce({ name, className, input, training, threshold: preset, quantization }: Preprocess): void {
  document.title = `${name} · Jaccard`
  element('title').textContent = name
  element('subtitle').textContent = `Finds the ${className} in your pictures`
  threshold.value = String(preset)
  showThreshold()
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const facts: [string, string][] = [
    ['Network', training.architecture],
    ['Loss', training.loss],
    ['Input', `${input.size} × ${input.size}`],
    ...(input.crop === null ? [] : ([['Crops', `${input.crop} × ${input.crop}`]] as [string, string][])),
    ...(quantization === 'none' ? [] : ([['Weights', quantization]] as [string, string][])),
    ...(training.metrics
      ? ([
          ['Validation IoU', percent(training.metrics.iou1)],
          ['Precision', percent(training.metrics.precision)],
          ['Recall', percent(training.metrics.recall)]
        ] as [string, string][])
      : [])
  ]
  for (const [term, value] of facts) {
    const row = document.createElement('div')
    row.append(document.createElement('dt'), document.createElement('dd'))
    row.firstElementChild!.textContent = term
    row.lastElementChild!.textContent = value
    element('facts').append(row)
  }
  element('facts').hidden = false
}

async function open(picture: Blob, name: string): Promise<void> {
  const turn = ++latest
  const loaded = await model
  if (!loaded || turn !== latest) return
  stage.setAttribute('aria-busy', 'true')
  element('busy').hidden = false
  say('Looking …')
  try {
    const image = await pixelsOf(picture)
    const start = performance.now()
    const prediction = await loaded.predict(image, { threshold: threshold.valueAsNumber })
    if (turn !== latest) return
    paint(element<HTMLCanvasElement>('picture'), image)
    element('view').style.setProperty('--shape', String(image.height / image.width))
    shown = { name, prediction, milliseconds: performance.now() - start }
    element('invitation').hidden = true
    element('view').hidden = false
    element('controls').hidden = false
    showMask()
  } catch (error) {
    if (turn === latest) fail(error)
  } finally {
    if (turn === latest) {
      stage.removeAttribute('aria-busy')
      element('busy').hidden = true
    }
  }
}

function showThreshold(): void {
  const value = threshold.valueAsNumber.toFixed(2)
  element('threshold-value').textContent = value
  threshold.setAttribute('aria-valuetext', value)
}

function showMask(): void {
  if (!shown) return
  const { prediction, milliseconds } = shown
  const { width, height, probabilities, mask } = prediction
  const limit = threshold.valueAsNumber
  let foreground = 0
  for (let i = 0; i < mask.length; i++) foreground += mask[i] = probabilities[i]! > limit ? 1 : 0
  paint(overlay, overlayOf(prediction))
  const share = ((100 * foreground) / mask.length).toFixed(1)
  say(
    `${share} % foreground · ${width} × ${height} pixels · ${Math.round(milliseconds)} ms on ${tf.getBackend()}`
  )
}

function setHidden(hidden: boolean): void {
  overlay.style.visibility = hidden ? 'hidden' : 'visible'
  toggle.setAttribute('aria-pressed', String(hidden))
}

async function saveMask(): Promise<void> {
  if (!shown) return
  const canvas = document.createElement('canvas')
  paint(canvas, blackAndWhite(shown.prediction))
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) throw new Error('The browser could not write the mask as a picture.')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `${shown.name.replace(/\.[^.]*$/, '')}-mask.png`
  link.click()
  URL.revokeObjectURL(link.href)
}

function paint(canvas: HTMLCanvasElement, image: ImageData): void {
  canvas.width = image.width
  canvas.height = image.height
  canvas.getContext('2d')!.putImageData(image, 0, 0)
}

function say(message: string): void {
  element('status').textContent = message
  element('status').classList.remove('failed')
}

function fail(error: unknown): void {
  element('status').textContent = error instanceof Error ? error.message : String(error)
  element('status').classList.add('failed')
}

file.addEventListener('change', () => {
  const chosen = file.files?.[0]
  file.value = ''
  if (chosen) void open(chosen, chosen.name)
})

let redraw = 0
threshold.addEventListener('input', () => {
  showThreshold()
  cancelAnimationFrame(redraw)
  redraw = requestAnimationFrame(showMask)
})

toggle.addEventListener('click', () => setHidden(toggle.getAttribute('aria-pressed') !== 'true'))
element('another').addEventListener('click', () => file.click())
element('save').addEventListener('click', () => void saveMask().catch(fail))

addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() === 'h' && !event.ctrlKey && !event.metaKey && shown) toggle.click()
})
addEventListener('dragover', (event) => {
  event.preventDefault()
  stage.classList.add('over')
})
addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) stage.classList.remove('over')
})
addEventListener('drop', (event) => {
  event.preventDefault()
  stage.classList.remove('over')
  const dropped = event.dataTransfer?.files[0]
  if (dropped) void open(dropped, dropped.name)
})
addEventListener('paste', (event) => {
  const pasted = event.clipboardData?.files[0]
  if (pasted) void open(pasted, pasted.name)
})
