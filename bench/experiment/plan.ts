import type { RaceConfig } from '#core/learning/race/config'

/** Pictures on which the experiment is repeated. */
export interface Dataset {
  name: string
  /** One sentence about it. */
  about: string
  /** Words of `jaccard` that make the project, without the file. */
  make(file: string): string[]
  /** A folder that has to be there. */
  needs: string | null
}

const NUCLEI = '../shared/data/nuclei'

export const DATASETS: Dataset[] = [
  {
    name: 'sample',
    about:
      'The sample project: 40 generated pictures, 32 to train with 13 % foreground and 8 to validate with 40 %, ' +
      'so that “always background” scores 30 % mIoU.',
    make: (file) => ['sample', file],
    needs: null
  },
  {
    name: 'nuclei',
    about: 'Nuclei: 60 micrographs, a fifth of them to validate, drawn by the project.',
    make: (file) => ['new', file, '--images', `${NUCLEI}/images`, '--masks', `${NUCLEI}/masks`],
    needs: NUCLEI
  }
]

/** What varies from race to race. */
export interface Condition {
  architecture: string
  learningRate: number
  batch: number
  reluLogits: boolean
}

export const SMALL = 'VGG6xs-Fc6-k1-512-Deconv-k64s32'
export const LARGE = 'VGG6s-Fc6-k1-512-Deconv-k64s32'
export const LEARNING_RATES = [1e-3, 1e-4]
export const BATCHES = [1, 10]

const LOSSES: RaceConfig['losses'] = ['iou', 'xent']
export const SEEDS = 5
export const SIZE = 160
export const STEPS = 400

/** The small network at every learning rate and batch, with and without the ReLU; the large one once. */
export const CONDITIONS: Condition[] = [
  ...[false, true].flatMap((reluLogits) =>
    LEARNING_RATES.flatMap((learningRate) =>
      BATCHES.map((batch) => ({ architecture: SMALL, learningRate, batch, reluLogits }))
    )
  ),
  { architecture: LARGE, learningRate: 1e-4, batch: 10, reluLogits: false }
]

/** The words of `jaccard` that run a condition. */
export function raceWords(file: string, condition: Condition): string[] {
  const { architecture, learningRate, batch, reluLogits } = condition
  return [
    ...['race', file, '--losses', LOSSES.join(','), '--seeds', String(SEEDS), '--arch', architecture],
    ...['--size', String(SIZE), '--lr', String(learningRate), '--batch', String(batch)],
    ...['--dropout', '0.5', '--steps', String(STEPS), '--engine', 'onnx-cpu'],
    ...(reluLogits ? ['--relu-logits'] : [])
  ]
}

/** Whether a race of a project is that of a condition. */
export function isRaceOf({ losses, seeds, shared }: RaceConfig, condition: Condition): boolean {
  return (
    losses.join() === LOSSES.join() &&
    seeds.length === SEEDS &&
    shared.size === SIZE &&
    shared.steps === STEPS &&
    shared.architecture === condition.architecture &&
    shared.learningRate === condition.learningRate &&
    shared.batch === condition.batch &&
    shared.reluLogits === condition.reluLogits
  )
}
