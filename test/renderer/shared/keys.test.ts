import { beforeEach, expect, test, vi } from 'vitest'
import { keyCaps, keyName, onKeys, releaseFocus } from '../../../src-renderer/shared/keys'
import { myKeys } from '../../../src-renderer/shared/my-keys.svelte'

const press = (target: Element, key: string, modifiers: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers })
  target.dispatchEvent(event)
  return event
}

const undo = vi.fn()
const brush = vi.fn()
const complete = vi.fn()

beforeEach(() => {
  vi.clearAllMocks()
  document.body.innerHTML = ''
  const listener = onKeys({ 'Ctrl+Z': undo, B: brush, Enter: complete })
  document.body.onkeydown = listener
})

test('keys have the names that the sheet shows', () => {
  const named = (key: string, modifiers = {}) =>
    keyName({ key, ctrlKey: false, metaKey: false, shiftKey: false, ...modifiers })
  expect(named('b')).toBe('B')
  expect(named('D', { shiftKey: true })).toBe('Shift+D')
  expect(named('z', { ctrlKey: true })).toBe('Ctrl+Z')
  expect(named('Z', { metaKey: true, shiftKey: true })).toBe('Ctrl+Shift+Z')
  expect(named('?', { shiftKey: true })).toBe('?')
  expect(named(' ')).toBe('Space')
  expect(keyCaps('Ctrl+ArrowLeft')).toEqual(['Ctrl', '←'])
  expect(keyCaps('+')).toEqual(['+'])
})

test('a bound key runs its command and nothing else happens to it', () => {
  const event = press(document.body, 'z', { ctrlKey: true })
  expect(undo).toHaveBeenCalledOnce()
  expect(event.defaultPrevented).toBe(true)
  expect(press(document.body, 'q').defaultPrevented).toBe(false)
})

test('a key that the person has chosen runs the command, and the one before runs nothing', () => {
  myKeys.rebind({ key: 'B', does: 'Brush' }, 'Q')
  try {
    press(document.body, 'b')
    expect(brush).not.toHaveBeenCalled()
    press(document.body, 'q')
    expect(brush).toHaveBeenCalledOnce()
  } finally {
    myKeys.reset()
  }
  press(document.body, 'b')
  expect(brush).toHaveBeenCalledTimes(2)
})

test('letters typed into a field are text', () => {
  document.body.innerHTML =
    '<input type="text" /><input type="number" /><textarea></textarea><select></select>'
  for (const field of document.body.children) press(field, 'b')
  expect(brush).not.toHaveBeenCalled()
})

test('choices and boxes answer to the keys that change them, and to no letters', () => {
  document.body.innerHTML = '<input type="radio" /><input type="checkbox" />'
  const [radio, checkbox] = [...document.body.children] as [Element, Element]
  const next = vi.fn()
  document.body.onkeydown = onKeys({ ArrowRight: next, Space: next, B: brush })
  press(radio, 'ArrowRight')
  press(radio, ' ')
  press(checkbox, ' ')
  expect(next).not.toHaveBeenCalled()
  press(checkbox, 'ArrowRight')
  expect(next).toHaveBeenCalledOnce()
  press(radio, 'b')
  press(checkbox, 'b')
  expect(brush).toHaveBeenCalledTimes(2)
})

test('while a dialog is open its keys are its own', () => {
  document.body.innerHTML = '<dialog open><button>OK</button></dialog>'
  press(document.querySelector('button')!, 'b')
  expect(brush).not.toHaveBeenCalled()
})

test('Enter belongs to the button that the keyboard has walked to', () => {
  document.body.innerHTML = '<button>Undo</button>'
  const button = document.querySelector('button')!
  button.focus()
  press(button, 'Enter')
  expect(complete).not.toHaveBeenCalled()
  press(button, 'b')
  expect(brush).toHaveBeenCalledOnce()
})

test('a button clicked by mouse gives the focus back, one pressed by keyboard keeps it', () => {
  document.body.innerHTML = '<button>Undo</button>'
  const button = document.querySelector('button')!
  button.focus()
  releaseFocus(new MouseEvent('click', { detail: 0 }))
  expect(document.activeElement).toBe(button)
  releaseFocus(new MouseEvent('click', { detail: 1 }))
  expect(document.activeElement).toBe(document.body)
})
