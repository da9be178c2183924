import type { TrainConfig } from '#core/learning/config'

/** What one click trains. */
export const DEFAULTS: TrainConfig = {
  loss: 'iou+xent',
  architecture: 'UNet-xs',
  size: 128,
  crop: null,
  autoContrast: false,
  batch: 10,
  learningRate: 1e-3,
  warmup: 0,
  dropout: 0,
  steps: 400,
  minutes: null,
  patience: null,
  seed: 0,
  engine: 'auto',
  threads: null,
  flips: true,
  rotation: 0,
  zoom: 1,
  brightness: 0,
  reluLogits: false,
  positiveWeight: 1,
  focusing: 2,
  folds: null,
  fold: null
}

/** What usually works for an architecture: VGG networks are coarse, need large images and small steps. */
export function usualFor(
  architecture: string
): Pick<TrainConfig, 'architecture' | 'size' | 'crop' | 'learningRate' | 'dropout'> {
  return architecture.startsWith('VGG')
    ? { architecture, size: 224, crop: null, learningRate: 1e-4, dropout: 0.5 }
    : { architecture, size: 128, crop: null, learningRate: 1e-3, dropout: 0 }
}
