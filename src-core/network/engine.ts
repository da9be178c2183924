import type { LossSettings } from '#core/learning/config'
import type { NetworkSpec, Weights } from '#core/network/spec'

export const ENGINES = ['onnx-cpu', 'onnx-webgpu', 'tensorflow', 'tfjs-webgpu', 'tfjs-wasm'] as const
export type EngineName = (typeof ENGINES)[number]

export interface EngineOptions {
  /** Threads for engines that compute on the CPU; null leaves the choice to the engine. */
  threads: number | null
}

/** An engine that was opened, and what the choice between engines has to know about it. */
export interface OpenedEngine {
  engine: Engine
  /** The device only pretends to be a GPU: a program computes on the CPU, slower than an engine made for it. */
  software: boolean
}

/** What a network is trained for: all that the training step needs beside the network. */
export type Objective = LossSettings

/** One batch. `count` may be less than the batch size for the last batch of an epoch. */
export interface Batch {
  count: number
  /** `[count, size, size, 3]`, 0 to 255, channels RGB. The engine divides by 255. */
  images: Uint8Array
  /** `[count, size, size]`, three-valued mask. */
  labels: Uint8Array
  /**
   * Per dropout layer, by name, the factors `[count, h, w, c]` of its input: 0 where dropped, 1 / (1 − rate)
   * elsewhere. Made by the caller from the run's seed, so that every engine drops the same units. A layer
   * without an entry passes its input on.
   */
  dropout: Map<string, Float32Array>
}

/** Adam's moments and the number of steps taken. */
export interface OptimiserState {
  step: number
  first: Weights
  second: Weights
}

/** A network ready to train and predict on one device. Every method may be called in any order, one at a time. */
export interface CompiledNetwork {
  /** One Adam step; the learning rate may differ from step to step. */
  step(batch: Batch, learningRate: number): Promise<void>
  /**
   * The losses of the steps since they were last asked for, each before its update, in order. Waits for the device.
   */
  losses(): Promise<number[]>
  /** Loss and gradients without an update; for tests. */
  gradients(batch: Batch): Promise<{ loss: number; gradients: Weights }>
  /** Foreground probabilities `[count, size, size]` of `images` `[count, size, size, 3]`, without dropout. */
  predict(images: Uint8Array, count: number): Promise<Float32Array>
  readWeights(): Promise<Weights>
  writeWeights(weights: Weights): Promise<void>
  readOptimiser(): Promise<OptimiserState>
  writeOptimiser(state: OptimiserState): Promise<void>
  dispose(): void
}

/** What `Engine.lossInterval` is, by where the engine computes. */
export const LOSS_INTERVAL = { cpu: 1, gpu: 10 } as const

/** Who computes the step. */
export interface Engine {
  readonly name: EngineName
  /** The device in words, for the screen: `CPU (wasm, SIMD, 1 thread)`. */
  readonly device: string
  /** Steps between two readings of the loss: 1 where they cost nothing, 10 on a GPU, which every reading makes wait. */
  readonly lossInterval: number
  compile(spec: NetworkSpec, objective: Objective): Promise<CompiledNetwork>
  dispose(): void
}
