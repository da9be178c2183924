import type { Engine } from '#core/network/engine'

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
