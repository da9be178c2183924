import { myKeys } from './my-keys.svelte'

/** What a key does. Keys are written as on the sheet: `b`, `Shift+D`, `Ctrl+Shift+Z`, `ArrowLeft`, `Enter`, `?`. */
export type KeyBindings = Record<string, (event: KeyboardEvent) => void>

/** The name under which a key press is bound. Letters are upper case; Shift counts only where it is not the character. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): string {
  const { key } = event
  const isLetter = /^[a-z]$/i.test(key)
  const isCharacter = key.length === 1 && key !== ' ' && !isLetter
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl')
  if (event.shiftKey && !isCharacter) parts.push('Shift')
  parts.push(key === ' ' ? 'Space' : isLetter ? key.toUpperCase() : key)
  return parts.join('+')
}

/** Whether the person is typing, so that letters are text and no commands. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  ) {
    return true
  }
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)
}

/** Whether the focused control answers to the key itself. */
function belongsToControl(event: KeyboardEvent, name: string): boolean {
  const { target } = event
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return name.startsWith('Arrow')
    if (target.type === 'radio') return name.startsWith('Arrow') || name === 'Space'
    if (target.type === 'checkbox') return name === 'Space'
  }
  const isPressable = target instanceof Element && target.closest('button, a, summary') !== null
  return isPressable && (name === 'Enter' || name === 'Space')
}

/**
 * Whether a key press is no command: it was used already, the person types, a dialog is open, or a focused control
 * needs the key itself.
 */
export function isTaken(event: KeyboardEvent): boolean {
  return (
    event.defaultPrevented ||
    isTyping(event.target) ||
    document.querySelector('dialog[open]') !== null ||
    belongsToControl(event, keyName(event))
  )
}

/** A `keydown` listener that runs the binding of the key, or of the one that the person has chosen another for. */
export function onKeys(bindings: KeyBindings): (event: KeyboardEvent) => void {
  return (event) => {
    const run = bindings[myKeys.meaning(keyName(event)) ?? '']
    if (!run || isTaken(event)) return
    event.preventDefault()
    run(event)
  }
}

/**
 * A `click` listener that takes the focus from a button after a click by mouse: the person's mind is on the image
 * again, and Enter and Space shall mean what they mean there. Whoever walks by keyboard keeps the place.
 */
export function releaseFocus(event: MouseEvent): void {
  const isByPointer = event.detail > 0
  const { activeElement } = document
  if (isByPointer && activeElement instanceof HTMLButtonElement) activeElement.blur()
}

const CAPS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc'
}

/** The key caps to draw for `Ctrl+Shift+Z`. */
export function keyCaps(keys: string): string[] {
  return keys.split(/\+(?!$)/).map((key) => CAPS[key] ?? key)
}
