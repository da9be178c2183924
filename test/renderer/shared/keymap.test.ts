// @vitest-environment node
import { describe, expect, test } from 'vitest'
import {
  chosenKey,
  COMMANDS,
  judgeKey,
  meaningOf,
  parseKeymap,
  rebound
} from '../../../src-renderer/shared/keymap'

const all = COMMANDS.flatMap(({ commands }) => commands)
const command = (key: string) => all.find((one) => one.key === key)!

describe('the commands whose keys can be changed', () => {
  test('have each their own name, also where the list sums several up', () => {
    expect(command('B').does).toBe('Brush')
    expect(command('R').does).toBe('Rectangle')
    expect([command('A').does, command('ArrowRight').does]).toEqual(['Previous', 'Next'])
    expect(command(']').does).toBe('Larger')
    expect(command('Enter').does).toBe('Complete, then on to the next')
    expect(command('3').does).toBe('Review')
  })

  test('are no gestures of the pointer, nothing that is held, nothing that means the same everywhere', () => {
    for (const key of ['Alt', 'H', 'Escape', 'Backspace', 'Wheel', 'Shift+Click', 'Ctrl+V', 'Space+Drag']) {
      expect(command(key), key).toBeUndefined()
    }
  })

  test('have no key twice', () => {
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
  })
})

describe('another key', () => {
  test('does what the first one did, which then does nothing', () => {
    const keymap = rebound({}, command('B'), 'Q')
    expect(chosenKey(keymap, 'B')).toBe('Q')
    expect(meaningOf(keymap, 'Q')).toBe('B')
    expect(meaningOf(keymap, 'B')).toBeNull()
    expect(meaningOf(keymap, 'E')).toBe('E')
  })

  test('that is taken is named, and the two can be swapped', () => {
    expect(judgeKey({}, command('B'), 'W')).toEqual({ kind: 'conflict', other: command('W') })
    const keymap = rebound({}, command('B'), 'W')
    expect([meaningOf(keymap, 'W'), meaningOf(keymap, 'B')]).toEqual(['B', 'W'])
    expect(judgeKey(keymap, command('E'), 'B')).toEqual({ kind: 'conflict', other: command('W') })
    expect(rebound(keymap, command('B'), 'B')).toEqual({})
  })

  test('that was let go is free', () => {
    const keymap = rebound({}, command('B'), 'Q')
    expect(judgeKey(keymap, command('E'), 'B')).toEqual({ kind: 'free' })
    expect(judgeKey(keymap, command('B'), 'Q')).toEqual({ kind: 'free' })
  })

  test('cannot be one that is held or means the same everywhere; a modifier alone is only the beginning', () => {
    expect(judgeKey({}, command('B'), 'Escape').kind).toBe('refused')
    expect(judgeKey({}, command('B'), 'H')).toMatchObject({ kind: 'refused' })
    expect(judgeKey({}, command('B'), 'Ctrl+Control')).toEqual({ kind: 'incomplete' })
    expect(judgeKey({}, command('B'), 'Shift+Shift')).toEqual({ kind: 'incomplete' })
    expect(judgeKey({}, command('B'), 'Ctrl+Q')).toEqual({ kind: 'free' })
  })

  test('is remembered; what cannot be read, or is for nothing that there is, is not', () => {
    const keymap = rebound({}, command('B'), 'Q')
    expect(parseKeymap(JSON.stringify(keymap))).toEqual(keymap)
    expect(parseKeymap('{"B":"Q","gone":"J"}')).toEqual(keymap)
    for (const text of [null, '', '[]', '{"B":1}', 'no']) expect(parseKeymap(text)).toEqual({})
  })
})
