import type * as tfjs from '@tensorflow/tfjs-core'

/** TensorFlow.js as the caller loaded it: with the backend of its choice already set. */
export type Tf = typeof tfjs
