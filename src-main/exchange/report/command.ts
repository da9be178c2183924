import type { TrainConfig } from '#core/learning/config'
import { DEFAULTS } from '#core/learning/defaults'

/** Settings whose option has another name; the others' is their own, with dashes. */
const NAMES: Partial<Record<keyof TrainConfig, string>> = { architecture: 'arch', learningRate: 'lr' }

/** The words of the command line that train with this configuration, behind `jaccard train FILE`. */
export function trainWords(config: TrainConfig): string[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const name =
      NAMES[key as keyof TrainConfig] ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    if (value === null) return []
    if (typeof value !== 'boolean') return [`--${name}`, String(value)]
    if (value === DEFAULTS[key as keyof TrainConfig]) return []
    return [value ? `--${name}` : `--no-${name}`]
  })
}

/**
 * The command that repeats a run, for a POSIX shell.
 *
 * @param file The project's file.
 * @param engine The engine that computed, so that no speed test chooses another one.
 */
export function trainCommand(file: string, config: TrainConfig, engine: TrainConfig['engine']): string {
  return ['npx', 'jaccard', 'train', file, ...trainWords({ ...config, engine })].map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w./+:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
