import { JaccardError } from '#core/errors'

/** How a command talks: its result on standard output, everything on the way to it on standard error. */
export interface Terminal {
  /** Set when the person wants the command to end: Ctrl-C, or the signal to terminate. */
  signal: AbortSignal
  /** A line that stays. */
  say(line: string): void
  /** How far the work is: one line that is rewritten on a terminal, else a line for each tenth. */
  progress(done: number, total: number, what: string): void
  /** The command's outcome: words for the person, or with `--json` one object as the last line. */
  result(value: object, words: string): void
}

/** @param json The result is for a program. */
export function createTerminal(json: boolean, signal: AbortSignal): Terminal {
  const { stderr, stdout } = process
  let rewriting = false
  let tenths = -1

  function endLine() {
    if (rewriting) stderr.write('\n')
    rewriting = false
    tenths = -1
  }

  return {
    signal,
    say: (line) => {
      endLine()
      stderr.write(`${line}\n`)
    },
    progress: (done, total, what) => {
      const line = `${done}/${total} ${what}`
      if (stderr.isTTY) {
        rewriting = true
        stderr.write(`\r\x1b[K${line.slice(0, stderr.columns - 1)}`)
        return
      }
      const reached = Math.floor((10 * done) / Math.max(1, total))
      if (reached < tenths) tenths = -1
      if (reached === tenths) return
      tenths = reached
      stderr.write(`${line}\n`)
    },
    result: (value, words) => {
      endLine()
      stdout.write(json ? `${JSON.stringify(value)}\n` : `${words}\n`)
    }
  }
}

/** Ends the command here if the person asked for it. @throws JaccardError `cancelled` */
export function throwIfCancelled(signal: AbortSignal, what: string): void {
  if (signal.aborted) throw new JaccardError('cancelled', `${what} was cancelled.`)
}

/** Columns of text that line up; numbers to the right. */
export function table(rows: (string | number)[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length))
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          typeof cell === 'number' ? String(cell).padStart(widths[column]!) : cell.padEnd(widths[column]!)
        )
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

/** A share or metric with three digits. */
export function fixed(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(3)
}
