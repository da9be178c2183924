// Builds what runs in a plain browser, without the app: the files that every exported model carries, and the
// page that checks one. Usage: node scripts/build-web.mjs [folder, out/web by default]
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '..')
const bundleSources = join(root, 'src-main/exchange/bundle/web')
const verifySources = join(root, 'src-main/exchange/verify/web')

export async function buildWeb(folder = join(root, 'out/web')) {
  const bundle = join(folder, 'bundle')
  const verify = join(folder, 'verify')
  await rm(folder, { recursive: true, force: true })
  await mkdir(bundle, { recursive: true })
  await mkdir(verify, { recursive: true })

  await writeFile(join(bundle, 'jaccard.js'), await script(join(bundleSources, 'jaccard.ts')))
  await copyFile(join(bundleSources, 'jaccard.mjs'), join(bundle, 'jaccard.mjs'))
  await writeFile(join(bundle, 'index.html'), await page())
  // The build for present browsers: a quarter smaller than the oldest-browser one, which also needs a content
  // security policy that allows eval.
  await copyFile(join(root, 'node_modules/@tensorflow/tfjs/dist/tf.es2017.min.js'), join(bundle, 'tf.min.js'))
  await copyFile(join(root, 'resources/licences/Apache-2.0.txt'), join(bundle, 'tf.LICENSE.txt'))

  await writeFile(join(verify, 'verify.js'), await script(join(verifySources, 'verify.ts')))
  await copyFile(join(verifySources, 'verify.html'), join(verify, 'verify.html'))
}

/** One TypeScript entry with all that it imports, as a plain script. */
async function script(entry) {
  const [{ output }] = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      write: false,
      // Whoever puts it into a page wants to read what it does.
      minify: false,
      target: 'es2022',
      lib: { entry, formats: ['iife'], name: 'unused', fileName: 'script' }
    }
  })
  return output[0].code
}

/** `index.html` with its style and script inside, so that the exported folder stays small to look at. */
async function page() {
  const [html, style, code] = await Promise.all([
    readFile(join(bundleSources, 'index.html'), 'utf8'),
    readFile(join(bundleSources, 'page.css'), 'utf8'),
    script(join(bundleSources, 'page.ts'))
  ])
  return html
    .replace('<link rel="stylesheet" href="page.css" />', () => `<style>\n${style}</style>`)
    .replace(
      '<script src="page.js"></script>',
      () => `<script>\n${code.replaceAll('</script', '<\\/script')}</script>`
    )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildWeb(process.argv[2])
