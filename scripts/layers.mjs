// The import rules of the house, checked on what each file really imports. Usage: layers.mjs [ROOT]
import { globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse as parseSvelte } from 'svelte/compiler'
import ts from 'typescript'

const LAYERS = ['src-core', 'src-main', 'src-renderer']

/** Packages that need neither Node nor a DOM. */
const CORE_PACKAGES = ['zod', '@msgpack/msgpack', 'onnx-proto']
/** Packages whose types core may name, while the running side hands it the thing itself. */
const CORE_TYPES = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  'onnxruntime-common'
]
/** Packages that draw a window. */
const WINDOW_PACKAGES = ['svelte', 'konva', 'uplot']

/** The one file of core that names a type of the main side, and that type's home. */
const DOOR = 'src-core/api/router-type.ts'
const ROUTER = 'src-main/api/router.ts'

/** @typedef {{ file: string, specifier: string, typeOnly: boolean, target: string | null }} Import */

/** Each rule tells what is wrong with an import, or null. `target` is the imported file, null for a package. */
const rules = [
  ({ file, target, typeOnly }) =>
    layerOf(file) === 'src-core' &&
    target !== null &&
    layerOf(target) !== 'src-core' &&
    !(file === DOOR && target === ROUTER && typeOnly) &&
    'core imports only core',
  ({ file, target, specifier, typeOnly }) =>
    layerOf(file) === 'src-core' &&
    target === null &&
    !CORE_PACKAGES.includes(packageOf(specifier)) &&
    !(typeOnly && CORE_TYPES.includes(packageOf(specifier))) &&
    'core imports no Node, DOM, Electron or other platform package',
  ({ file, target }) =>
    layerOf(file) === 'src-main' && layerOf(target) === 'src-renderer' && 'main never imports the renderer',
  ({ file, target, specifier }) =>
    layerOf(file) === 'src-main' &&
    target === null &&
    WINDOW_PACKAGES.includes(packageOf(specifier)) &&
    'main imports no package that draws a window',
  ({ file, target }) =>
    layerOf(file) === 'src-renderer' && layerOf(target) === 'src-main' && 'the renderer never imports main',
  ({ file, target, typeOnly }) =>
    layerOf(file) === 'src-renderer' &&
    target === DOOR &&
    !typeOnly &&
    'the router is imported as a type only',
  ({ file, target, specifier }) =>
    layerOf(file) === 'src-renderer' &&
    target === null &&
    (isBuiltin(specifier) || specifier === 'electron') &&
    'the renderer imports neither Node nor Electron',
  ({ file, specifier }) =>
    packageOf(specifier) === 'electron' &&
    !isElectronFile(file) &&
    'only src-main/index.ts, src-main/preload.ts and *.electron.ts import Electron',
  ({ file, target }) =>
    target !== null &&
    target.endsWith('.electron.ts') &&
    !isElectronFile(file) &&
    'a file of Electron is imported only by files of Electron',
  ({ file, target }) =>
    target !== null &&
    target.endsWith('.node.ts') &&
    layerOf(file) !== 'src-main' &&
    'a file of Node is imported only by main',
  ({ file, target }) =>
    target !== null &&
    /\.svelte(\.ts)?$/.test(target) &&
    layerOf(file) !== 'src-renderer' &&
    'a file of Svelte is imported only by the renderer'
]

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const files = globSync(
  LAYERS.map((layer) => `${layer}/**/*.{ts,svelte}`),
  { cwd: root }
).map((file) => file.replaceAll(sep, '/'))
const violations = files.flatMap((file) =>
  importsOf(file).flatMap((entry) =>
    rules
      .map((rule) => rule(entry))
      .filter(Boolean)
      .map((reason) => `${file} imports ${entry.specifier}: ${reason}`)
  )
)
for (const violation of violations) process.stderr.write(`${violation}\n`)
process.stdout.write(`${files.length} files, ${violations.length} violations of the import rules\n`)
process.exitCode = violations.length > 0 || files.length === 0 ? 1 : 0

/** @returns {Import[]} */
function importsOf(file) {
  const text = readFileSync(join(root, file), 'utf8')
  const scripts = file.endsWith('.svelte') ? scriptsOf(text) : [text]
  return scripts
    .flatMap((script) => specifiersOf(script))
    .map((entry) => ({ ...entry, file, target: resolve(file, entry.specifier) }))
}

/** The script blocks of a component. */
function scriptsOf(text) {
  const { instance, module } = parseSvelte(text, { modern: true })
  return [instance, module].filter(Boolean).map(({ content }) => text.slice(content.start, content.end))
}

/** Everything that a script imports, loads, names the type of or starts as a worker. */
function specifiersOf(script) {
  const found = []
  const add = (node, typeOnly) => {
    if (node && ts.isStringLiteralLike(node)) found.push({ specifier: node.text, typeOnly })
  }
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnlyImport(node.importClause))
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, isTypeOnlyExport(node))
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) && node.argument.literal, true)
    else if (ts.isExternalModuleReference(node)) add(node.expression, false)
    else if (ts.isCallExpression(node) && isLoading(node.expression)) add(node.arguments[0], false)
    else if (ts.isNewExpression(node) && isModuleUrl(node)) add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('script.ts', script, ts.ScriptTarget.Latest, true))
  return found
}

function isTypeOnlyImport(clause) {
  if (!clause) return false
  if (clause.isTypeOnly) return true
  const names = clause.namedBindings
  return (
    !clause.name &&
    !!names &&
    ts.isNamedImports(names) &&
    names.elements.length > 0 &&
    names.elements.every((name) => name.isTypeOnly)
  )
}

function isTypeOnlyExport(node) {
  if (node.isTypeOnly) return true
  const names = node.exportClause
  return (
    !!names &&
    ts.isNamedExports(names) &&
    names.elements.length > 0 &&
    names.elements.every((name) => name.isTypeOnly)
  )
}

function isLoading(callee) {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
}

/** `new URL('./worker.ts', import.meta.url)` */
function isModuleUrl(node) {
  return (
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'URL' &&
    node.arguments?.[1]?.getText() === 'import.meta.url'
  )
}

/** The imported file relative to the root, or null for a package. */
function resolve(file, specifier) {
  const [path] = specifier.split('?')
  const alias = /^#(core|main)\/(.+)$/.exec(path)
  if (alias) return `src-${alias[1]}/${alias[2]}.ts`
  if (!path.startsWith('.')) return null
  const target = posix.join(posix.dirname(file), path)
  return /\.\w+$/.test(target) && !/\.(node|electron|svelte|worker)$/.test(target)
    ? target
    : withExtension(target)
}

/** Imports leave `.ts` out; a component's `.svelte` stands alone, a rune module's `.svelte` stands for `.svelte.ts`. */
function withExtension(target) {
  return target.endsWith('.svelte') && files.includes(target) ? target : `${target}.ts`
}

function layerOf(file) {
  return file?.split('/')[0] ?? null
}

function packageOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function isElectronFile(file) {
  return file === 'src-main/index.ts' || file === 'src-main/preload.ts' || file.endsWith('.electron.ts')
}
