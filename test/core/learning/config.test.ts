import { describe, expect, it } from 'vitest'
import { trainConfig } from '#core/learning/config'

/** A run's configuration as version 0.1.0 wrote it. */
const OLD =
  '{"loss":"iou+xent","architecture":"UNet-xs","size":128,"batch":10,"learningRate":0.001,"dropout":0,' +
  '"steps":400,"minutes":null,"seed":0,"engine":"auto","threads":null,"flips":true,"reluLogits":false}'

describe('a configuration from before a setting existed', () => {
  it('means what the program did then', () => {
    expect(trainConfig.parse(JSON.parse(OLD))).toMatchObject({ rotation: 0, zoom: 1, brightness: 0 })
    expect(trainConfig.parse(JSON.parse(OLD))).toMatchObject({ warmup: 0, patience: null })
    expect(trainConfig.parse(JSON.parse(OLD))).toMatchObject({ positiveWeight: 1, focusing: 2 })
    expect(trainConfig.parse(JSON.parse(OLD))).toMatchObject({ crop: null, autoContrast: false })
  })
})
