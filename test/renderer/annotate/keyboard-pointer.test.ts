// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest'
import { KeyboardPointer, type Ground, type Place } from '../../../src-renderer/annotate/keyboard-pointer'

/** An image of 200 × 100 in a window of 400 × 300, shown twice as large, from the window's corner on. */
class Table implements Ground {
  view = { scale: 2, x: 0, y: 0 }
  window = { width: 400, height: 300 }
  image = { width: 200, height: 100 }
  readonly told: string[] = []

  pan(dx: number, dy: number) {
    this.view = { ...this.view, x: this.view.x + dx, y: this.view.y + dy }
  }
  press = ({ image }: Place) => void this.told.push(`press ${image.x} ${image.y}`)
  move = ({ image }: Place) => void this.told.push(`move ${image.x} ${image.y}`)
  release = () => void this.told.push('release')
}

let table: Table
let pointer: KeyboardPointer

beforeEach(() => {
  table = new Table()
  pointer = new KeyboardPointer(table)
})

const press = (key: string, options: { shiftKey?: boolean; repeat?: boolean } = {}) =>
  pointer.keyDown({ key, shiftKey: false, repeat: false, ...options })

describe('a pointer moved by keyboard', () => {
  test('is nowhere, and takes no key, until the keyboard comes to the canvas', () => {
    expect(pointer.place).toBeNull()
    expect(press('ArrowLeft')).toBe(false)
    expect(press(' ')).toBe(false)
    expect(table.told).toEqual([])
  })

  test('begins in the middle of what is seen, on the middle of a pixel', () => {
    pointer.appear()
    expect(pointer.place).toEqual({ image: { x: 100.5, y: 75.5 }, window: { x: 201, y: 151 } })
  })

  test('goes ten pixels of the window, or with Shift one of the image', () => {
    pointer.appear()
    expect(press('ArrowRight')).toBe(true)
    press('ArrowUp', { repeat: true })
    expect(pointer.place!.image).toEqual({ x: 105.5, y: 70.5 })
    press('ArrowLeft', { shiftKey: true })
    press('ArrowDown', { shiftKey: true })
    expect(pointer.place!.image).toEqual({ x: 104.5, y: 71.5 })
  })

  test('paints while Space is held, also when the key repeats', () => {
    pointer.appear()
    table.told.length = 0
    press(' ')
    press(' ', { repeat: true })
    press('ArrowRight')
    pointer.keyUp({ key: ' ' })
    pointer.keyUp({ key: ' ' })
    expect(table.told).toEqual(['press 100.5 75.5', 'move 105.5 75.5', 'release'])
  })

  test('stays on the image', () => {
    pointer.appear()
    for (let i = 0; i < 60; i++) press('ArrowRight')
    for (let i = 0; i < 60; i++) press('ArrowDown')
    expect(pointer.place!.image).toEqual({ x: 199.5, y: 99.5 })
  })

  test('moves the image where it would leave the window', () => {
    table.view = { scale: 8, x: 0, y: 0 }
    pointer.appear()
    for (let i = 0; i < 30; i++) press('ArrowRight')
    expect(pointer.place!.image.x).toBeGreaterThan(50)
    expect(pointer.place!.window.x).toBeLessThanOrEqual(360)
    expect(pointer.place!.window.x).toBeGreaterThan(340)
  })

  test('lets go when the keyboard leaves, and is at the same place when it comes back', () => {
    pointer.appear()
    press('ArrowUp')
    press(' ')
    pointer.vanish()
    expect(table.told.at(-1)).toBe('release')
    expect(pointer.place).toBeNull()
    pointer.appear()
    expect(pointer.place!.image).toEqual({ x: 100.5, y: 70.5 })
  })
})
