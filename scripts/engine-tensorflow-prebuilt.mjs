import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)

/**
 * Runs the package's own install script, after saying how much it is going to fetch.
 *
 * @param {string} name The package.
 * @param {string} folder Where it is installed.
 * @returns {Promise<string>} the folder with the library
 */
export async function installPrebuilt(name, folder) {
  const total = (await sizeOf(library(folder))) + (await sizeOf(binding(folder)))
  console.log(`TensorFlow's native library is a download of ${megabytes(total)} MB, unpacked into ${folder}.`)
  await run(name, folder)
  return folder
}

/** Where the package's install script gets TensorFlow from. */
function library(folder) {
  const constants = require(join(folder, 'scripts/deps-constants.js'))
  const { LIBTENSORFLOW_VERSION, PLATFORM_MAPPING, ARCH_MAPPING, PLATFORM_EXTENSION } = constants
  if (constants.customTFLibUri) return constants.customTFLibUri
  const system = `gpu-${PLATFORM_MAPPING[process.platform]}-${ARCH_MAPPING[process.arch]}`
  if (!constants.ALL_SUPPORTED_COMBINATION.includes(system)) {
    throw new Error(
      `TensorFlow with CUDA exists for Linux and Windows on x64 only, not for this machine (${system}).`
    )
  }
  const file = `libtensorflow-${system}-${LIBTENSORFLOW_VERSION}.${PLATFORM_EXTENSION}`
  return new URL(`/tensorflow/libtensorflow/${file}`, host(folder)).href
}

/** Where it gets the binding between TensorFlow and Node from. */
function binding(folder) {
  const { binary, version } = require(join(folder, 'package.json'))
  const napi = Math.max(...binary.napi_versions.filter((napi) => napi <= Number(process.versions.napi)))
  const { PLATFORM_MAPPING, PLATFORM_EXTENSION } = require(join(folder, 'scripts/deps-constants.js'))
  const file = `GPU-${PLATFORM_MAPPING[process.platform]}-${version}.${PLATFORM_EXTENSION}`
  return `${binary.host}/napi-v${napi}/${version}/${file}`
}

/** The package's own storage, or the mirror that its install script would take. */
function host(folder) {
  return (
    process.env.TFJS_NODE_CDN_STORAGE ??
    process.env.CDN_STORAGE ??
    require(join(folder, 'package.json')).binary.host
  )
}

async function sizeOf(address) {
  try {
    const response = await fetch(address, { method: 'HEAD', redirect: 'follow' })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return Number(response.headers.get('content-length'))
  } catch (error) {
    const reason = error.cause?.code ?? error.message
    throw new Error(
      `TensorFlow's native library could not be reached at ${address} (${reason}): nothing was installed, and every ` +
        `other engine works without it.`,
      { cause: error }
    )
  }
}

function run(name, folder) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', 'install'], {
      cwd: folder,
      stdio: 'inherit',
      shell: process.platform === 'win32'
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      // The install script ends with 0 after some of its failures.
      const installed = code === 0 && existsSync(join(folder, 'lib'))
      if (installed) resolve()
      else
        reject(new Error(`The install script of ${name} failed (exit ${code}); its messages above say why.`))
    })
  })
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6)
}
