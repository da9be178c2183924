import type { Extent } from '#core/learning/frame'
import { FOREGROUND, UNKNOWN } from '#core/mask/values'

type Rgb = readonly [red: number, green: number, blue: number]

/** Light violet, as in the window: neither the black of background nor the white of foreground. */
const UNKNOWN_COLOUR: Rgb = [201, 162, 255]

/** A picture as the network sees it. */
export interface Picture extends Extent {
  /** `[height, width, 3]`, RGB. */
  rgb: Uint8Array
}

export interface Cell {
  picture: Picture
  /** What stands below. */
  caption?: string
}

/** Pictures in rows and columns, of which a PNG and a page are made. */
export interface Figure {
  /** Per column what stands above, line by line. */
  headings: string[][]
  rows: {
    /** What stands above the row. */
    name: string
    /** Width over height of the image, which the network may have seen stretched to a square. */
    aspect: number
    /** One for each column. */
    cells: Cell[]
  }[]
}

/** A run's part of the strip. */
export interface StripRun extends Extent {
  name: string
  /** As the network sees it, `[height, width, 3]`. */
  image: Uint8Array
  /** `[height, width]`, three-valued mask. */
  label: Uint8Array
  /** Foreground where the quantised probability is at least this. */
  level: number
  /** Predictions in the order of the columns; `[height, width]`, quantised by `learning/quantise.ts`. */
  outputs: { step: number; probabilities: Uint8Array }[]
}

/**
 * The course of a training on one image: input | output at each step | the same thresholded | mask, a row per run.
 *
 * @param runs One or two with equally many outputs. Where their steps differ, each picture tells its own.
 */
export function stripOf(runs: StripRun[], aspect: number): Figure {
  const columns = (runs[0]?.outputs ?? []).map((_, i) => {
    const steps = [...new Set(runs.map(({ outputs }) => outputs[i]!.step))]
    return { heading: steps.length === 1 ? `step ${steps[0]}` : 'best step', ownSteps: steps.length > 1 }
  })
  const above = (what: string) => columns.map(({ heading }) => [heading, what])
  return {
    headings: [['input'], ...above('probability'), ...above('thresholded'), ['mask']],
    rows: runs.map(({ name, width, height, image, label, level, outputs }) => {
      const cells = (paint: (probabilities: Uint8Array) => Uint8Array): Cell[] =>
        outputs.map(({ step, probabilities }, i) => ({
          picture: { width, height, rgb: paint(probabilities) },
          ...(columns[i]!.ownSteps ? { caption: `step ${step}` } : {})
        }))
      return {
        name,
        aspect,
        cells: [
          { picture: { width, height, rgb: image } },
          ...cells(shades),
          ...cells((probabilities) => thresholded(probabilities, level)),
          { picture: { width, height, rgb: maskColours(label) } }
        ]
      }
    })
  }
}

/** One image of the sheet. */
export interface SheetSample extends Extent {
  name: string
  aspect: number
  /** `[height, width, 3]` */
  image: Uint8Array
  /** `[height, width]`, three-valued mask. */
  label: Uint8Array
  /** What each run predicts; sizes may differ from run to run. */
  predictions: (Extent & { probabilities: Uint8Array; level: number; iou: number })[]
}

/** Every validation sample: input | mask | for each run the probability and the same thresholded, with its IoU. */
export function sheetOf(runNames: string[], samples: SheetSample[]): Figure {
  return {
    headings: [
      ['input'],
      ['mask'],
      ...runNames.flatMap((name) => ['probability', 'thresholded'].map((what) => [name, what]))
    ],
    rows: samples.map(({ name, aspect, width, height, image, label, predictions }) => ({
      name,
      aspect,
      cells: [
        { picture: { width, height, rgb: image } },
        { picture: { width, height, rgb: maskColours(label) } },
        ...predictions.flatMap(({ width, height, probabilities, level, iou }) => [
          { picture: { width, height, rgb: shades(probabilities) } },
          {
            picture: { width, height, rgb: thresholded(probabilities, level) },
            caption: `IoU ${iou.toFixed(3)}`
          }
        ])
      ]
    }))
  }
}

function shades(probabilities: Uint8Array): Uint8Array {
  return coloured(probabilities, (q) => [q, q, q])
}

function thresholded(probabilities: Uint8Array, level: number): Uint8Array {
  return coloured(probabilities, (q) => grey(q >= level))
}

function maskColours(label: Uint8Array): Uint8Array {
  return coloured(label, (value) => (value === UNKNOWN ? UNKNOWN_COLOUR : grey(value === FOREGROUND)))
}

const grey = (white: boolean): Rgb => (white ? [255, 255, 255] : [0, 0, 0])

function coloured(values: Uint8Array, colourOf: (value: number) => Rgb): Uint8Array {
  // A sheet has millions of pixels: three copies each and nothing else.
  const colours = Uint8Array.from(Array.from({ length: 256 }, (_, value) => colourOf(value)).flat())
  const rgb = new Uint8Array(3 * values.length)
  for (let i = 0, at = 0; i < values.length; i++) {
    const from = 3 * values[i]!
    rgb[at++] = colours[from]!
    rgb[at++] = colours[from + 1]!
    rgb[at++] = colours[from + 2]!
  }
  return rgb
}
