import { InvalidArgumentError, Option } from 'commander'
import { JaccardError } from '#core/errors'
import type { Choice, ChoiceInput } from '#core/learning/choice/choose'
import { LOSSES, outputsOf, trainConfig, type TrainConfig } from '#core/learning/config'
import { DEFAULTS, usualFor } from '#core/learning/defaults'
import { faultOfFold } from '#core/learning/splits'
import { GRAMMAR, parseArchitecture } from '#core/network/architecture'
import { ENGINES } from '#core/network/engine'
import type { RunName } from './project'

/** A parser for a number between two others. */
export function number(least: number, most: number, whole = false): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value)))
      return value
    throw new InvalidArgumentError(
      `It has to be a ${whole ? 'whole number' : 'number'} from ${least} to ${most}.`
    )
  }
}

/** A parser for values with commas between them. @param most How many there may be. */
export function listOf<Value>(parse: (text: string) => Value, most: number): (text: string) => Value[] {
  return (text) => {
    const values = text.split(',').map((part) => parse(part.trim()))
    if (values.length <= most) return values
    throw new InvalidArgumentError(`It has to be at most ${most}, separated by commas.`)
  }
}

/** A parser for a run's number, `best` or `latest`. */
export function runName(text: string): RunName {
  if (text === 'best' || text === 'latest') return text
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It has to be the number of a run, best or latest.')
}

/** What `train` was asked for; what is undefined takes what usually works. */
export interface TrainOptions {
  loss?: TrainConfig['loss']
  arch?: string
  size?: number | 'auto'
  crop?: number | 'none'
  autoContrast?: boolean
  batch?: number
  lr?: number
  warmup?: number
  dropout?: number
  steps?: number
  minutes?: number
  patience?: number
  seed?: number
  engine?: TrainConfig['engine']
  threads?: number
  flips: boolean
  rotation?: number
  zoom?: number
  brightness?: number
  reluLogits?: boolean
  positiveWeight?: number
  focusing?: number
  folds?: number
  fold?: number
}

/** The options of `train`, in the order in which its help shows them. */
export const TRAIN_OPTIONS: Option[] = [
  new Option('--loss <name>', 'what is minimised').choices(LOSSES),
  new Option('--arch <name>', `${GRAMMAR}; auto chooses`),
  new Option('--size <pixels>', 'edge of the network’s input; auto chooses').argParser((text) =>
    text === 'auto' ? text : number(16, 2048, true)(text)
  ),
  new Option(
    '--crop <pixels>',
    'learn from crops of this edge, in pixels of the image, and predict by overlapping tiles; as large as the input is ' +
      'full resolution; none stretches whole images to the input'
  ).argParser((text) => (text === 'none' ? text : number(16, 16384, true)(text))),
  new Option('--auto-contrast', 'give each image its full contrast; for exposures that differ'),
  new Option('--no-auto-contrast', 'take the images’ values as they are'),
  new Option('--batch <images>', 'images in a step').argParser(number(1, 256, true)),
  new Option('--lr <rate>', 'learning rate of Adam').argParser(number(1e-9, 1)),
  new Option(
    '--warmup <steps>',
    'first steps over which the learning rate rises to its full height'
  ).argParser(number(0, 1_000_000, true)),
  new Option('--dropout <share>', 'share of units dropped').argParser(number(0, 0.95)),
  new Option('--steps <count>', 'ends after this many steps').argParser(number(1, 1_000_000, true)),
  new Option('--minutes <time>', 'ends after this time').argParser(number(0.001, 10_000)),
  new Option('--patience <validations>', 'ends after so many validations without a better one').argParser(
    number(1, 1_000_000, true)
  ),
  new Option('--seed <number>', 'of weights, order, dropout and augmentation').argParser(
    number(0, 0xffffffff, true)
  ),
  new Option('--engine <name>', 'who computes').choices([...ENGINES, 'auto']),
  new Option('--threads <count>', 'threads of engines on the CPU').argParser(number(1, 256, true)),
  new Option('--no-flips', 'do not mirror training images at random'),
  new Option('--rotation <degrees>', 'turn training images at random, at most so far').argParser(
    number(0, 180)
  ),
  new Option('--zoom <factor>', 'enlarge or shrink them at random, at most by this').argParser(number(1, 4)),
  new Option('--brightness <share>', 'brighten or darken them at random, at most by this').argParser(
    number(0, 1)
  ),
  new Option('--relu-logits', 'clip the logits of cross entropy by a ReLU, as the source did'),
  new Option(
    '--positive-weight <factor>',
    'how much a foreground pixel counts (losses bce, focal)'
  ).argParser(number(1e-4, 10_000)),
  new Option('--focusing <gamma>', 'how little a pixel counts that is right already (loss focal)').argParser(
    number(0, 10)
  ),
  new Option(
    '--folds <count>',
    'cross-validation: parts that the images outside of the test set make'
  ).argParser(number(2, 100, true)),
  new Option(
    '--fold <number>',
    'the part that validates, from 1, while the others train; without it each in turn'
  ).argParser(number(1, 100, true))
]

/**
 * The run that the options describe.
 *
 * @param choose Asked where the architecture or the size was left to the program.
 * @returns Also why this architecture and size, where they were.
 * @throws JaccardError `usage` for a combination that does not work.
 */
export async function trainConfigOf(
  options: TrainOptions,
  choose: (input: ChoiceInput) => Promise<Choice>
): Promise<{ config: TrainConfig; archBecause: string | null }> {
  const batch = options.batch ?? DEFAULTS.batch
  const minutes = options.minutes ?? null
  const open = options.arch === 'auto'
  const fixed = options.size === 'auto' ? null : options.size
  const givenCrop = options.crop === 'none' ? null : options.crop
  const choice =
    open || options.size === 'auto'
      ? await choose({
          architecture: open ? null : (options.arch ?? DEFAULTS.architecture),
          size: fixed ?? null,
          crop: givenCrop,
          batch,
          minutes
        })
      : null
  const architecture = choice?.architecture ?? options.arch ?? DEFAULTS.architecture
  const usual = usualFor(architecture)
  const prepared = (open && choice?.preparation) || DEFAULTS
  const parsed = trainConfig.safeParse({
    loss: options.loss ?? DEFAULTS.loss,
    architecture,
    size: choice?.size ?? fixed ?? usual.size,
    crop: choice ? choice.crop : (givenCrop ?? DEFAULTS.crop),
    autoContrast: options.autoContrast ?? prepared.autoContrast,
    batch,
    learningRate: options.lr ?? usual.learningRate,
    warmup: options.warmup ?? DEFAULTS.warmup,
    dropout: options.dropout ?? usual.dropout,
    steps: options.steps ?? (options.minutes === undefined ? DEFAULTS.steps : null),
    minutes,
    patience: options.patience ?? DEFAULTS.patience,
    seed: options.seed ?? DEFAULTS.seed,
    engine: options.engine ?? DEFAULTS.engine,
    threads: options.threads ?? null,
    flips: options.flips,
    rotation: options.rotation ?? prepared.rotation,
    zoom: options.zoom ?? prepared.zoom,
    brightness: options.brightness ?? prepared.brightness,
    reluLogits: options.reluLogits ?? DEFAULTS.reluLogits,
    positiveWeight: options.positiveWeight ?? DEFAULTS.positiveWeight,
    focusing: options.focusing ?? DEFAULTS.focusing,
    folds: options.folds ?? null,
    fold: options.fold ?? null
  } satisfies TrainConfig)
  if (!parsed.success) throw new JaccardError('usage', parsed.error.issues[0]!.message)
  const config = parsed.data
  const fault = faultOfFold(config)
  if (fault !== null) throw new JaccardError('usage', fault)
  parseArchitecture(config.architecture, config.size, outputsOf(config.loss))
  return { config, archBecause: choice?.because ?? null }
}
