import { z } from 'zod'
import { KEY_LIST } from './key-list'

/** The keys that the person has chosen: by the key that a command has at first, the one that it has now. */
export type Keymap = Readonly<Record<string, string>>

/** Something that a key does, by the key that it has at first. */
export interface Command {
  key: string
  does: string
}

/** Not keys to press and let go: they are held, belong to the pointer, or the browser tells of them in its own way. */
const FIXED = /^(Alt|H|Z|Ctrl\+V)$|click|wheel|drag|button/i
/** They mean the same everywhere, so a row that has one is not to be changed, and nothing else can have one. */
const RESERVED: readonly string[] = ['Escape', 'Backspace', 'Space', 'Tab', 'Ctrl+V', 'Ctrl+C', 'Ctrl+X']

const MODIFIERS: readonly string[] = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock']

/** Whether the keys of a row of the key list stay as they are. */
export function isFixedRow(keys: readonly string[]): boolean {
  return keys.some((key) => RESERVED.includes(key))
}

/**
 * The commands of the key list whose keys can be changed, by group. A row that sums up several has its keys in the
 * order of its words: of `Previous, next` the second and the fourth key go to the next image.
 */
export const COMMANDS: readonly { title: string; commands: readonly Command[] }[] = KEY_LIST.map(
  ({ title, rows }) => ({
    title,
    commands: rows
      .filter(({ keys }) => !isFixedRow(keys))
      .flatMap(({ does, keys }) => {
        const own = keys.filter((key) => !FIXED.test(key))
        const words = does.split(', ')
        const isSum = words.length > 1 && own.length > 1 && own.length % words.length === 0
        return own.map((key, i) => ({ key, does: isSum ? capitalised(words[i % words.length]!) : does }))
      })
  })
)

const ALL = COMMANDS.flatMap(({ commands }) => commands)

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const schema = z.record(z.string(), z.string())

/** What was remembered; choices for commands that there are no longer are left out. */
export function parseKeymap(text: string | null): Keymap {
  try {
    const known = Object.entries(schema.parse(JSON.parse(text ?? '{}')))
    return Object.fromEntries(known.filter(([key]) => ALL.some((command) => command.key === key)))
  } catch {
    return {}
  }
}

/** The key that a command has now. @param key The one that it has at first, or any other, which stays. */
export function chosenKey(keymap: Keymap, key: string): string {
  return keymap[key] ?? key
}

/** The first key of the command that a pressed key is for; null where its command has another key now. */
export function meaningOf(keymap: Keymap, pressed: string): string | null {
  const chosen = Object.keys(keymap).find((key) => keymap[key] === pressed)
  return chosen ?? (pressed in keymap ? null : pressed)
}

/** What pressing keys for a command comes to. */
export type Choice =
  /** A modifier alone: the key is still to come. */
  | { kind: 'incomplete' }
  | { kind: 'refused'; sentence: string }
  | { kind: 'conflict'; other: Command }
  | { kind: 'free' }

/** Whether a command can have a key. */
export function judgeKey(keymap: Keymap, command: Command, pressed: string): Choice {
  if (MODIFIERS.includes(pressed.split('+').at(-1)!)) return { kind: 'incomplete' }
  if (RESERVED.includes(pressed)) {
    return { kind: 'refused', sentence: 'This key means the same everywhere; choose another one.' }
  }
  const meaning = meaningOf(keymap, pressed)
  const other = ALL.find(({ key }) => key === meaning)
  if (other) return other.key === command.key ? { kind: 'free' } : { kind: 'conflict', other }
  if (!FIXED.test(pressed)) return { kind: 'free' }
  const row = KEY_LIST.flatMap(({ rows }) => rows).find(({ keys }) => keys.includes(pressed))
  return {
    kind: 'refused',
    sentence: `This key is for “${row?.does ?? 'other things'}”; choose another one.`
  }
}

/** Gives a command another key; one that had it takes this command's. */
export function rebound(keymap: Keymap, { key }: Command, pressed: string): Keymap {
  const other = ALL.find((command) => command.key !== key && chosenKey(keymap, command.key) === pressed)
  const changed: Record<string, string> = { ...keymap, [key]: pressed }
  if (other) changed[other.key] = chosenKey(keymap, key)
  return Object.fromEntries(Object.entries(changed).filter(([first, now]) => first !== now))
}
