import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { z } from 'zod'
import { failed } from './protocol'

/** A process that answers every line on its standard input with one on its standard output. It ends with its input. */
export interface LineProcess {
  /**
   * One request at a time.
   *
   * @throws Error when the process says that it failed, and when it ended, with its last words.
   */
  ask<Answer>(request: object, answer: z.ZodType<Answer>): Promise<Answer>
  end(): void
}

export function startLineProcess(
  program: string,
  words: string[],
  environment: Record<string, string> = {}
): LineProcess {
  const child = spawn(program, words, { env: { ...process.env, ...environment } })
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let said = ''
  child.stderr.on('data', (part: Buffer) => (said = (said + part.toString()).slice(-2000)))
  child.on('error', ({ message }) => (said = message))
  // Writing to a process that is gone fails; that it is gone is told by the end of its answers.
  child.stdin.on('error', () => {})
  return {
    async ask(request, answer) {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const { value, done } = await answers.next()
      if (done) throw new Error(`its process ended${lastWords(said)}`)
      const message: unknown = JSON.parse(value)
      const failure = failed.safeParse(message)
      if (failure.success) throw new Error(failure.data.message)
      return answer.parse(message)
    },
    end: () => child.stdin.end()
  }
}

/** The line of a process's complaints that tells the most. */
function lastWords(said: string): string {
  const lines = said.trim().split('\n')
  const line = lines.findLast((line) => /error\b.*:/i.test(line)) ?? lines.at(-1)
  return line ? `: ${line.trim()}` : ''
}
