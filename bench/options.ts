import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { JaccardError } from '#core/errors'
import { ENGINES, type EngineName } from '#core/network/engine'
import { WORKS, type WorkName } from './works'

export interface Options {
  /** Engines to measure; none stands for all that are to be had. */
  engines: EngineName[]
  works: WorkName[]
  /** Timed steps of each. */
  rounds: number
  /** For everyone alike; an engine that cannot have so many says so in its device. */
  threads: number
  /** Steps between two readings of the loss, whose time is shared by them. */
  interval: number
  /** Measure stock TensorFlow.js too. */
  naive: boolean
  /** Show where the time of this engine's steps goes, instead of comparing engines. */
  profile: EngineName | null
  /** Append the figures to RESULTS.md. */
  record: boolean
}

export const USAGE = `npm run bench -- [ENGINE …] [--work vgg|unet] [--rounds N] [--threads N] [--interval N] [--naive] [--no-record]
npm run bench -- --profile ENGINE [--work vgg|unet] [--rounds N] [--threads N] [--no-record]
ENGINE is one of ${ENGINES.join(', ')}`

/**
 * @param words The words after the command.
 * @throws JaccardError `usage` for anything that is not in `USAGE`.
 */
export function readOptions(words: string[]): Options {
  const { values, positionals } = parsed(words)
  return {
    engines: positionals.map((word) => oneOf(ENGINES, word, 'engine')),
    works: values.work
      ? values.work.map((word) => oneOf(Object.keys(WORKS) as WorkName[], word, 'work'))
      : (Object.keys(WORKS) as WorkName[]),
    rounds: count(values.rounds, 'rounds', 15),
    threads: count(values.threads, 'threads', Math.min(2, cpus().length)),
    interval: count(values.interval, 'interval', 1),
    naive: values.naive,
    profile: values.profile === undefined ? null : oneOf(ENGINES, values.profile, 'engine'),
    record: values.record
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      allowNegative: true,
      options: {
        work: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        threads: { type: 'string' },
        interval: { type: 'string' },
        profile: { type: 'string' },
        naive: { type: 'boolean', default: false },
        record: { type: 'boolean', default: true }
      }
    })
  } catch (cause) {
    throw new JaccardError('usage', `${(cause as Error).message}\n${USAGE}`, { cause })
  }
}

function oneOf<Name extends string>(names: readonly Name[], word: string, what: string): Name {
  const name = names.find((name) => name === word)
  if (name) return name
  throw new JaccardError('usage', `There is no ${what} named ${word}.\n${USAGE}`)
}

function count(word: string | undefined, what: string, otherwise: number): number {
  if (word === undefined) return otherwise
  const number = Number(word)
  if (Number.isInteger(number) && number > 0) return number
  throw new JaccardError('usage', `--${what} has to be a whole number above 0, not ${word}.\n${USAGE}`)
}
