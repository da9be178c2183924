import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { received, type TrainerPort } from './port'

/** How much of a trainer's last words is kept. */
const LAST_WORDS = 2_000

/** Starts a trainer as a Node process of its own. It ends when this process does. */
export function forkTrainer(): TrainerPort {
  return forkProgram(trainerProgram())
}

/** A program that Node starts. */
interface Program {
  file: string
  execArgv: string[]
}

/** Starts a program that speaks the trainer's protocol. */
export function forkProgram({ file, execArgv }: Program): TrainerPort {
  const child = fork(file, [], {
    execArgv,
    // Arrays of bytes and floats travel as they are.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  let lastWords = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS)
  })
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    // Not `exit`: what the trainer said before is to be heard first.
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : exitInWords(code, lastWords)))
  })
  return {
    send: (message) =>
      new Promise((resolve) => {
        if (!child.connected) return resolve()
        child.send(message, () => resolve())
      }),
    listen: (listener) => {
      child.on('message', (message) => listener(received(message)))
    },
    exited,
    kill: () => void child.kill('SIGKILL')
  }
}

function exitInWords(code: number | null, lastWords: string): string {
  const error = lastWords
    .split('\n')
    .findLast((line) => /error/i.test(line))
    ?.trim()
  return error ? `exit code ${code}: ${error}` : `exit code ${code}`
}

/** The built trainer beside this file's own build, or its source where this file itself runs from source. */
function trainerProgram(): Program {
  const at = (place: string) => fileURLToPath(new URL(place, import.meta.url))
  if (import.meta.url.endsWith('.ts')) {
    const sources = new URL('../../scripts/sources.mjs', import.meta.url).href
    return { file: at('./trainer.node.ts'), execArgv: ['--import', sources] }
  }
  const places = ['./trainer.js', '../trainer.js'].map(at)
  return { file: places.find((place) => existsSync(place)) ?? places[0]!, execArgv: [] }
}
