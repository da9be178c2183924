import { fork } from 'node:child_process'
import { programOf, type Program } from '#main/programs.node'
import { received, type TrainerPort } from './port'

/** How much of a trainer's last words is kept. */
const LAST_WORDS = 2_000

/** Starts a trainer as a Node process of its own. It ends when this process does. */
export function forkTrainer(): TrainerPort {
  return forkProgram(programOf('trainer'))
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
