import { chosenKey, meaningOf, parseKeymap, rebound, type Command, type Keymap } from './keymap'

const KEY = 'jaccard.keys'

/** The keys as the person has them, remembered on this machine. */
class MyKeys {
  keymap = $state.raw<Keymap>(parseKeymap(localStorage.getItem(KEY)))
  readonly changed = $derived(Object.keys(this.keymap).length > 0)

  /** The key to press for what has this key at first. */
  chosen(key: string): string {
    return chosenKey(this.keymap, key)
  }

  /** The first key of the command that a pressed key is for; null for none. */
  meaning(pressed: string): string | null {
    return meaningOf(this.keymap, pressed)
  }

  rebind(command: Command, pressed: string): void {
    this.#keep(rebound(this.keymap, command, pressed))
  }

  /** Gives all commands the keys that they have at first. */
  reset(): void {
    this.#keep({})
  }

  #keep(keymap: Keymap): void {
    this.keymap = keymap
    localStorage.setItem(KEY, JSON.stringify(keymap))
  }
}

export const myKeys = new MyKeys()
