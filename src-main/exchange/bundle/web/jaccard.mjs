import './jaccard.js'

export const { load } = globalThis.Jaccard
