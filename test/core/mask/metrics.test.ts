import { describe, expect, it } from 'vitest'
import { coveredObjects, objectsFound } from '#core/mask/metrics'

const maskOf = (rows: string[]) => Uint8Array.from(rows.join(''), (c) => '.#?'.indexOf(c))

describe('objects found', () => {
  it.each<[string, string[], string[], { objects: number; found: number; touched: number }]>([
    ['nothing to find', ['....'], ['....'], { objects: 0, found: 0, touched: 0 }],
    ['nothing to find, much predicted', ['....'], ['####'], { objects: 0, found: 0, touched: 0 }],
    ['nothing predicted', ['##.#'], ['....'], { objects: 2, found: 0, touched: 0 }],
    ['all predicted exactly', ['##.#'], ['##.#'], { objects: 2, found: 2, touched: 2 }],
    ['half of an object: IoU is exactly 0.5', ['##..'], ['#...'], { objects: 1, found: 1, touched: 1 }],
    ['a third of an object', ['###.'], ['#...'], { objects: 1, found: 0, touched: 1 }],
    ['as much too much as right', ['##..'], ['####'], { objects: 1, found: 1, touched: 1 }],
    ['one blob over two objects', ['##.##'], ['#####'], { objects: 2, found: 0, touched: 2 }],
    ['two crumbs of one object', ['#####'], ['##.##'], { objects: 1, found: 0, touched: 1 }],
    ['touching by a corner is one object', ['#.', '.#'], ['#.', '.#'], { objects: 1, found: 1, touched: 1 }],
    ['two of three', ['##.##.##'], ['##.#....'], { objects: 3, found: 2, touched: 2 }],
    ['predictions on unknown pixels do not count', ['##??'], ['####'], { objects: 1, found: 1, touched: 1 }],
    ['an unknown gap splits a prediction', ['##?##'], ['#####'], { objects: 2, found: 2, touched: 2 }],
    ['all unknown', ['????'], ['####'], { objects: 0, found: 0, touched: 0 }]
  ])('%s', (_, label, prediction, expected) => {
    expect(objectsFound(maskOf(label), maskOf(prediction), label[0]!.length, label.length)).toEqual(expected)
  })
})

describe('covered objects', () => {
  it('are those of which at least half is predicted, also where the prediction runs on into the next one', () => {
    const label = maskOf(['##.##.###', '......###', '#.??.....'])
    const prediction = maskOf(['#####....', '......###', '..##.....'])
    expect(coveredObjects(label, prediction, 9, 3)).toEqual([
      { pixels: 2, covered: true },
      { pixels: 2, covered: true },
      { pixels: 6, covered: true },
      { pixels: 1, covered: false }
    ])
    expect(coveredObjects(maskOf(['....']), maskOf(['####']), 4, 1)).toEqual([])
  })
})
