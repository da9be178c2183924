import { z } from 'zod'
import { ENGINES } from '#core/network/engine'
import { work } from './works'

/**
 * What the bench and the processes that it times say to each other, a JSON object a line: the bench asks, the
 * process answers once. `stepper.ts` is such a process with an engine, `peer_torch.py` one with PyTorch.
 */

/** Stock TensorFlow.js on WebAssembly, see `naive.ts`. */
export const NAIVE = 'tfjs-wasm, naive'

/** What a stepper is asked. */
export const request = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open'),
    engine: z.enum([...ENGINES, NAIVE]),
    threads: z.int().min(1),
    /** A folder for the profiles of ONNX Runtime, if they are wanted. */
    profileTo: z.string().optional()
  }),
  /** Build the work's network and a batch for it. */
  z.object({ type: z.literal('prepare'), work }),
  /** So many steps, then the loss is read back. */
  z.object({ type: z.literal('steps'), count: z.int().min(1) }),
  /** Complete the profiles. */
  z.object({ type: z.literal('profile') })
])
export type Request = z.infer<typeof request>

/** `device` in words; `software` where it only pretends to be a GPU. */
export const opened = z.object({ type: z.literal('opened'), device: z.string(), software: z.boolean() })
export const prepared = z.object({ type: z.literal('prepared') })
export const stepped = z.object({
  type: z.literal('stepped'),
  /** Of one step. */
  milliseconds: z.number().positive(),
  /** The most memory the process has had, in bytes; null where the system does not tell. */
  peakMemory: z.number().positive().nullable()
})
export const profiled = z.object({ type: z.literal('profiled') })
/** In place of any other answer. */
export const failed = z.object({ type: z.literal('failed'), message: z.string() })

export type Answer = z.infer<
  typeof opened | typeof prepared | typeof stepped | typeof profiled | typeof failed
>
