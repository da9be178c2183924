import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BINDING, libraryFolder, TENSORFLOW_VERSION } from '../src-main/engines/tensorflowLibrary.ts'

/**
 * TensorFlow's wheels with a library for the CPU. They are built for one Python each and their library is the same,
 * so one is fixed; it need not be the Python that fetches it.
 */
const PYTHON = '3.12'
const WHEELS = {
  'linux-x64': {
    name: 'tensorflow-cpu',
    tag: 'manylinux_2_17_x86_64',
    megabytes: 214,
    sha256: '8ec09acc09534017e02318456f77e96947b2ab4d24d2eb580541405c45ea3b70'
  },
  'linux-arm64': {
    name: 'tensorflow',
    tag: 'manylinux_2_17_aarch64',
    megabytes: 219,
    sha256: 'e7df529f8db271d3def80538aa7fcd6f5abe306f7b01cb5b580138df68afb499'
  }
}

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

/** What the binding's two files include, directly and indirectly. */
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/c/', 'tsl/platform/']

const UNPACK = `
import sys, zipfile
wheel, folder, *starts = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(folder, [name for name in archive.namelist() if name.startswith(tuple(starts))])
`

const NOTHING = 'nothing was installed, and every other engine works without it'

/** The wheel to take TensorFlow's library from, or null where there is none that has it in a usable form. */
export function wheelFor(platform, architecture) {
  return WHEELS[`${platform}-${architecture}`] ?? null
}

/**
 * Fetches the wheel, takes TensorFlow's library out of it, compiles the package's binding against it, and puts both
 * where the engine looks, in one move at the end.
 *
 * @param wheel From `wheelFor`.
 * @param {string} source The folder of the package whose binding is compiled.
 * @returns {Promise<string>} the folder with the library
 */
export async function installFromWheel(wheel, source) {
  const target = libraryFolder()
  if (existsSync(join(target, BINDING))) return target
  const tools = { compiler: findCompiler(), python: findPython(), headers: findHeaders() }
  await mkdir(dirname(target), { recursive: true })
  const work = await mkdtemp(`${target}-unfinished-`)
  try {
    const folder = await build(wheel, source, tools, work)
    await rm(target, { recursive: true, force: true })
    await rename(folder, target)
    return target
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function build(wheel, source, { compiler, python, headers }, work) {
  const title = `${wheel.name} ${TENSORFLOW_VERSION}`
  console.log(`Fetching ${title}, ${wheel.megabytes} MB, which are 630 MB unpacked …`)
  await fetchWheel(wheel, python, work)

  console.log('Unpacking …')
  const [file] = (await readdir(work)).filter((name) => name.endsWith('.whl'))
  const starts = ['tensorflow/libtensorflow_', ...HEADERS.map((header) => `tensorflow/include/${header}`)]
  await run(python, ['-c', UNPACK, join(work, file), work, ...starts], `${title} could not be unpacked`)

  console.log('Compiling the binding between TensorFlow and Node …')
  const folder = join(work, 'tensorflow')
  const binding = join(folder, BINDING)
  await run(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
      ...[headers, join(folder, 'include')].flatMap((path) => ['-I', path]),
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(source, 'binding', name)),
      ...LIBRARIES.map((name) => join(folder, name)),
      // The libraries are found beside the binding, wherever that is.
      '-Wl,-rpath,$ORIGIN',
      ...['-o', binding]
    ],
    'The binding between TensorFlow and Node could not be compiled'
  )
  await rm(join(folder, 'include'), { recursive: true })
  const trial = `
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
    console.log('TensorFlow ' + require(process.argv[1]).TF_Version + ' answers.')`
  await run(process.execPath, ['-e', trial, binding], `${title} does not run on this machine`)
  return folder
}

/** By pip, which alone knows how this machine reaches the registry. The hash says that it is the wheel we know. */
async function fetchWheel({ name, tag, sha256 }, python, work) {
  const list = join(work, 'requirements.txt')
  await writeFile(list, `${name}==${TENSORFLOW_VERSION} --hash=sha256:${sha256}\n`)
  const from = [
    '--only-binary=:all:',
    '--implementation',
    'cp',
    '--python-version',
    PYTHON,
    '--platform',
    tag
  ]
  await run(
    python,
    ['-m', 'pip', 'download', '--no-deps', '--require-hashes', '-r', list, ...from, '-d', work],
    `pip could not fetch ${name} ${TENSORFLOW_VERSION}`
  )
}

function findCompiler() {
  const compiler = process.env.CXX || 'c++'
  if (answers(compiler, ['--version'])) return compiler
  throw new Error(
    `The binding between TensorFlow and Node is compiled here and there is no C++ compiler "${compiler}": install ` +
      `one (on Debian and Ubuntu "apt-get install g++") and run this again.`
  )
}

function findPython() {
  const python = ['python3', 'python'].find((name) => answers(name, ['-m', 'pip', '--version']))
  if (python) return python
  throw new Error(
    'TensorFlow comes out of its Python wheel and there is no Python with pip: install it (on Debian and Ubuntu ' +
      '"apt-get install python3-pip") and run this again.'
  )
}

/** The headers that come with Node. */
function findHeaders() {
  const headers = join(dirname(process.execPath), '..', 'include', 'node')
  if (existsSync(join(headers, 'node_api.h'))) return headers
  throw new Error(
    `The binding between TensorFlow and Node needs Node's headers and ${headers} has none: run this with a Node from ` +
      `https://nodejs.org.`
  )
}

function answers(program, words) {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0
}

/** Runs a program whose own words the person sees; an interruption ends it with all that it started. */
async function run(program, words, failure) {
  const child = spawn(program, words, { stdio: 'inherit', detached: true })
  let interrupted = false
  const stop = () => {
    interrupted = true
    process.kill(-child.pid)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, stop)
  try {
    const [code, signal] = await once(child, 'close')
    if (interrupted) throw new Error(`Interrupted: ${NOTHING}.`)
    if (code !== 0) {
      throw new Error(`${failure} (${signal ?? `exit ${code}`}); its messages above say why: ${NOTHING}.`)
    }
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}
