// @vitest-environment node
import { expect, test } from 'vitest'
import { placeCard, TOUR } from '../../../src-renderer/tour/steps'

const window = { width: 1280, height: 720 }
const card = { width: 320, height: 160 }

test('the card stands beside what it is about', () => {
  const target = { x: 400, y: 300, width: 100, height: 50 }
  expect(placeCard(target, card, window, 'right').x).toBeGreaterThan(500)
  expect(placeCard(target, card, window, 'left').x + card.width).toBeLessThan(400)
  expect(placeCard(target, card, window, 'top').y + card.height).toBeLessThan(300)
  expect(placeCard(target, card, window, 'bottom').y).toBeGreaterThan(350)
})

test('and never leaves the window', () => {
  const corner = { x: 1270, y: 710, width: 10, height: 10 }
  for (const side of ['right', 'left', 'top', 'bottom'] as const) {
    const { x, y } = placeCard(corner, card, window, side)
    expect(x).toBeGreaterThanOrEqual(0)
    expect(y).toBeGreaterThanOrEqual(0)
    expect(x + card.width).toBeLessThanOrEqual(window.width)
    expect(y + card.height).toBeLessThanOrEqual(window.height)
  }
})

test('has four steps, which name the keys as the person has them', () => {
  expect(TOUR).toHaveLength(4)
  expect(TOUR[0]!.text((key) => (key === 'B' ? 'Q' : key))).toMatch(/^Q is the brush, E erases/)
})
