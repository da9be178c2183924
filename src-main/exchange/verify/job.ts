import { z } from 'zod'

/** What the page asks for first; addresses are relative to the page. */
export interface Job {
  images: { address: string }[]
}

/** What the page reports at its end. */
export const outcome = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('done'),
    /** TensorFlow.js's backend, and why it is not the usual one. */
    backend: z.string().max(200)
  }),
  z.object({ status: z.literal('failed'), message: z.string().max(2000) })
])
export type Outcome = z.infer<typeof outcome>
