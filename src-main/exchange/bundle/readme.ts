import type { Preprocess } from './format'

/** The bundle's README.md: what the files are, and code to paste. */
export function readme(info: Preprocess, files: { name: string; bytes: number }[]): string {
  const { size } = info.input
  const { metrics, baselines, architecture, loss, seed, step } = info.training
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const best = baselines && Math.max(baselines.background, baselines.foreground, baselines.meanMask)
  return `# ${info.name}

A segmentation model for TensorFlow.js: picture in, mask of ${info.className} out. Made with Jaccard ${info.versions.jaccard}.

Open \`index.html\` to try it; no server and no network are needed.

## Use it

Put this folder next to your page, for example as \`model/\`.

### With script tags

\`\`\`html
<script src="model/tf.min.js"></script>
<script src="model/jaccard.js"></script>
<script type="module">
  const model = await Jaccard.load('model/')
  const { width, height, mask, probabilities } = await model.predict(document.querySelector('img'))
  // mask: Uint8Array, height × width, 1 = ${info.className}; probabilities: Float32Array, 0 to 1
</script>
\`\`\`

\`predict\` takes an image, canvas or video element, a Blob or File, an ImageBitmap or ImageData. Hand over the file
where you have it: elements come colour-managed by the browser. The pictures of other sites need CORS. A threshold
of your own: \`model.predict(image, { threshold: 0.3 })\`.

### With a bundler

\`npm install @tensorflow/tfjs\`, serve this folder as static files (\`public/model/\`), copy \`jaccard.js\` and
\`jaccard.mjs\` next to your code, and

\`\`\`js
import * as tf from '@tensorflow/tfjs'
import { load } from './jaccard.mjs'

const model = await load('/model/', { tf })
const { mask } = await model.predict(file)
\`\`\`

### Without \`jaccard.js\`

\`model.json\` is an ordinary layers model whose output is the foreground probability.

${info.input.crop === null ? wholePicture(info) : tiles(info)}${info.input.autoContrast ? contrast : ''}
## What it expects

| | |
|---|---|
| input | \`[1, ${size}, ${size}, 3]\`, RGB, bytes divided by ${info.input.divideBy} |
| ${info.input.crop === null ? 'resize' : 'scale and tiles'} | ${info.input.resize.description} |
${info.input.autoContrast ? `| contrast | ${CONTRAST} |\n` : ''}| output | \`[1, ${size}, ${size}, 1]\`, ${info.output.description} |
| mask | foreground where the probability is greater than ${info.threshold} |
| weights | ${{ none: '32-bit floats', float16: '16-bit floats', uint8: '8-bit, with scale and offset per array' }[info.quantization]} |

## Where it comes from

Run ${info.training.run}: ${architecture}, loss ${loss}, seed ${seed}, step ${step}, engine ${info.training.engine}.

${
  metrics
    ? `| validation | at threshold ${metrics.threshold} |
|---|---|
| IoU of ${info.className} | ${percent(metrics.iou1)} |
| mIoU (mean with the background's) | ${percent(metrics.mIoU)} |
| precision | ${percent(metrics.precision)} |
| recall | ${percent(metrics.recall)} |
${best === null ? '' : `| mIoU of the best model that knows nothing | ${percent(best)} |\n`}`
    : 'It was trained without validation images, so nothing is known about its quality.\n'
}
\`jaccard verify\` compares this folder with the app on the validation images.

## Files

| file | bytes | |
|---|---|---|
${files.map(({ name, bytes }) => `| \`${name}\` | ${bytes} | ${purposeOf(name)} |`).join('\n')}

TensorFlow.js is by Google, under the Apache License 2.0 (\`tf.LICENSE.txt\`).
`
}

/** How to predict by hand where the picture is stretched to the input. */
function wholePicture({ input: { size }, threshold }: Preprocess): string {
  return `\`\`\`js
const model = await tf.loadLayersModel('model/model.json')
const probabilities = tf.tidy(() => {
  const pixels = tf.browser.fromPixels(image).toFloat()
  const input = tf.image.resizeBilinear(pixels, [${size}, ${size}], false, true).div(255).expandDims()
  return model.predict(input).squeeze() // [${size}, ${size}]
})
const mask = probabilities.greater(${threshold})
\`\`\`

\`resizeBilinear\` skips pixels when it shrinks, so this agrees with the app only for pictures of about ${size} × ${size}.
\`jaccard.js\` shrinks as the app does and agrees always.
`
}

/** What is done to the values of a scaled picture where the run had it so. */
const CONTRAST =
  'after scaling, the darkest and the brightest half per cent of all values become 0 and 255, and those between are ' +
  'spread evenly'

const contrast = `
This model was trained on pictures of full contrast: ${CONTRAST}. That comes before the division by 255 and is missing
above; \`jaccard.js\` does it.
`

/** The same where the picture is predicted by tiles. */
function tiles({ input: { size, crop, overlap }, threshold }: Preprocess): string {
  return `It was trained on crops of ${crop} px, seen at ${size} × ${size}: it knows pictures at the scale ${size} / ${crop}, not stretched to
its input. \`jaccard.js\` scales the picture so and predicts it by tiles that overlap by at least ${overlap} pixels, of which only
the middle counts. By hand, for the tile whose upper left corner lies at \`x\`, \`y\` of the scaled picture:

\`\`\`js
const model = await tf.loadLayersModel('model/model.json')
const probabilities = tf.tidy(() => {
  const pixels = tf.browser.fromPixels(image).toFloat()
  const [height, width] = pixels.shape.map((edge) => Math.max(1, Math.round((edge * ${size}) / ${crop})))
  const scaled = tf.image.resizeBilinear(pixels, [height, width], false, true)
  const input = scaled.slice([y, x, 0], [${size}, ${size}, 3]).div(255).expandDims()
  return model.predict(input).squeeze() // [${size}, ${size}]
})
const mask = probabilities.greater(${threshold})
\`\`\`

A picture that is smaller than a tile has to be continued as at its right and lower edge. \`resizeBilinear\` skips pixels when it
shrinks; \`jaccard.js\` shrinks as the app does and agrees always.
`
}

function purposeOf(name: string): string {
  if (name.startsWith('weights-')) return 'weights'
  return PURPOSES[name] ?? ''
}

const PURPOSES: Record<string, string> = {
  'index.html': 'the page to try the model',
  'jaccard.js': 'the loader',
  'jaccard.mjs': 'the loader as a module',
  'model.json': 'the network, for `tf.loadLayersModel`',
  'model-embedded.js':
    'all of the model in a script, for `index.html` opened from disk; not needed on a server',
  'preprocess.json': 'all that a prediction depends on beside the network',
  'tf.min.js': 'TensorFlow.js',
  'tf.LICENSE.txt': 'its licence'
}
