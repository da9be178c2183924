import { messageOf } from '#core/errors'
import { outputsOf, trainConfig, type LossName, type TrainConfig } from '#core/learning/config'
import { faultOfFold } from '#core/learning/splits'
import { usualFor } from '#core/learning/defaults'
import { parseArchitecture } from '#core/network/architecture'

export const SOURCE_ARCHITECTURE = 'VGG6xs-Fc6-k1-512-Deconv-k64s32'

/** The architectures on offer; others can be typed in the same grammar. */
export const ARCHITECTURES = ['UNet-xs', 'UNet-s', 'UNet-m', SOURCE_ARCHITECTURE] as const

export interface Preset {
  name: string
  hint: string
  settings: Partial<TrainConfig>
}

export const PRESETS: Preset[] = [
  {
    name: 'Quick',
    hint: 'UNet-xs at 128²: small, fast, follows fine outlines.',
    settings: usualFor('UNet-xs')
  },
  {
    name: 'The experiment’s model',
    hint: `${SOURCE_ARCHITECTURE} at 224², IoU loss, dropout 0.5: repeats the experiment that Jaccard grew from.`,
    settings: { ...usualFor(SOURCE_ARCHITECTURE), loss: 'iou' }
  }
]

/** True where every setting that the preset names has the preset's value. */
export function matches(preset: Preset, config: TrainConfig): boolean {
  return Object.entries(preset.settings).every(([key, value]) => config[key as keyof TrainConfig] === value)
}

/** A loss in plain words, with one sentence on when it helps. */
export interface LossChoice {
  loss: LossName
  name: string
  sentence: string
}

/** The losses that most people need, the recommended one first. */
export const LOSS_CHOICES: LossChoice[] = [
  {
    loss: 'iou+xent',
    name: 'IoU + cross entropy',
    sentence: 'Both together: aims at the overlap and stays steady. Recommended.'
  },
  {
    loss: 'iou',
    name: 'IoU',
    sentence:
      'Aims at the overlap itself: finds objects that cross entropy misses, may paint too much, and needs a fitting learning rate.'
  },
  {
    loss: 'xent',
    name: 'Cross entropy',
    sentence: 'The usual choice: steady and cautious, tends to miss small or rare objects.'
  }
]

/** The others. */
export const MORE_LOSSES: LossChoice[] = [
  {
    loss: 'dice',
    name: 'Dice',
    sentence:
      'The overlap as F1 counts it: usual for medical images; as touchy about the learning rate as IoU.'
  },
  {
    loss: 'bce',
    name: 'Binary cross entropy',
    sentence:
      'Cross entropy with a weight on foreground: for when a missed object is worse than too much paint.'
  },
  {
    loss: 'lovasz',
    name: 'Lovász',
    sentence: 'Weighs each wrong pixel by what it takes from the IoU: for small objects and exact outlines.'
  },
  {
    loss: 'focal',
    name: 'Focal',
    sentence: 'Cross entropy that looks away from easy pixels: for rare objects on a large, plain background.'
  }
]

/** The first thing wrong with the settings, as a sentence; null if they can be trained. */
export function faultOf(config: TrainConfig): string | null {
  const parsed = trainConfig.safeParse(config)
  if (!parsed.success)
    return FIELD_FAULTS[String(parsed.error.issues[0]?.path[0])] ?? 'A setting has no valid value.'
  if (config.steps === null && config.minutes === null) return 'Set a number of steps or of minutes.'
  const fold = faultOfFold(config)
  if (fold !== null) return fold
  try {
    parseArchitecture(config.architecture, config.size, outputsOf(config.loss))
    return null
  } catch (error) {
    return messageOf(error)
  }
}

const FIELD_FAULTS: Record<string, string> = {
  architecture: 'Choose or type an architecture.',
  size: 'The input size is a whole number from 16 to 2048.',
  crop: 'Crops have an edge of 16 to 16384 pixels.',
  batch: 'The batch is a whole number from 1 to 256.',
  learningRate: 'The learning rate is a number above 0 and at most 1, for example 0.001.',
  warmup: 'The warm-up is a whole number of steps from 0.',
  dropout: 'Dropout is a number from 0 to 0.95.',
  rotation: 'Images are turned by 0 to 180 degrees.',
  zoom: 'The zoom is a factor from 1 to 4.',
  brightness: 'Brightness changes by a share from 0 to 1.',
  steps: 'Steps are a whole number from 1 to 1,000,000.',
  minutes: 'Minutes are a number above 0.',
  patience: 'Patience is a whole number of validations from 1, or nothing.',
  positiveWeight: 'The weight of foreground is a number above 0 and at most 10,000.',
  focusing: 'Focusing is a number from 0 to 10.',
  folds: 'Folds are a whole number from 2 to 100.',
  fold: 'The fold is a whole number from 1 to the number of folds.',
  seed: 'The seed is a whole number from 0.',
  threads: 'Threads are a whole number from 1 to 256, or nothing.'
}

/** `UNet-xs · 128² · IoU + cross entropy`: a run in a few words. */
export function describe(config: TrainConfig): string {
  return `${config.architecture} · ${resolution(config)} · ${lossName(config.loss)}`
}

/** `128²`, or `128² · crops of 256 px · auto contrast` */
export function resolution({
  size,
  crop,
  autoContrast
}: Pick<TrainConfig, 'size' | 'crop' | 'autoContrast'>): string {
  const cropped = crop === null ? '' : ` · crops of ${crop} px`
  return `${size}²${cropped}${autoContrast ? ' · auto contrast' : ''}`
}

export function lossName(loss: LossName): string {
  return [...LOSS_CHOICES, ...MORE_LOSSES].find((choice) => choice.loss === loss)?.name ?? loss
}
