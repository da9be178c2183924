export type Theme = 'dark' | 'light'

const KEY = 'jaccard.theme'

/** Dark or light, remembered on this machine. */
class Appearance {
  theme = $state<Theme>('dark')

  /** Takes up the remembered theme. */
  restore(): void {
    this.#show(localStorage.getItem(KEY) === 'light' ? 'light' : 'dark')
  }

  toggle(): void {
    this.#show(this.theme === 'dark' ? 'light' : 'dark')
    localStorage.setItem(KEY, this.theme)
  }

  #show(theme: Theme): void {
    this.theme = theme
    document.documentElement.dataset.theme = theme
  }
}

export const appearance = new Appearance()
