import { describe, expect, it } from 'vitest'
import { stripSteps } from '#main/exchange/report/steps'

const course = [1, 2, 5, 10, 20, 50, 100, 200]

describe('the steps of a strip', () => {
  it.each([
    ['a long run', [{ id: 1, steps: [...course, 310], bestStep: 310 }], [[1, 5, 50, 200, 310]]],
    ['a short run', [{ id: 1, steps: [1, 2, 3], bestStep: 3 }], [[1, 2, 3]]],
    ['a run of before weights were kept', [{ id: 1, steps: [80, 100], bestStep: 80 }], [[80]]],
    [
      'two runs: those of both, and the best of each',
      [
        { id: 1, steps: [1, 2, 5, 10, 20, 48], bestStep: 48 },
        { id: 2, steps: [1, 2, 5, 6], bestStep: 6 }
      ],
      [
        [1, 2, 5, 48],
        [1, 2, 5, 6]
      ]
    ]
  ])('are, of %s, spread over the course up to the best', (_, runs, steps) => {
    expect(stripSteps(runs, null)).toEqual(steps)
  })

  it('are those that were asked for, if all runs have them', () => {
    const runs = [
      { id: 3, steps: course, bestStep: 200 },
      { id: 4, steps: [1, 2, 5, 10], bestStep: 10 }
    ]
    expect(stripSteps(runs, [2, 10])).toEqual([
      [2, 10],
      [2, 10]
    ])
    expect(() => stripSteps(runs, [2, 20])).toThrow(
      'Run 4 has no weights of step 20; it has those of 1, 2, 5, 10.'
    )
  })
})
