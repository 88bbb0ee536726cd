/** `system` follows the setting of the device. */
export type Theme = 'system' | 'light' | 'dark'

const key = 'cex-arbitrage-theme'
const order: readonly Theme[] = ['system', 'light', 'dark']

export function readTheme(storage: Pick<Storage, 'getItem'>): Theme {
  const kept = storage.getItem(key)
  return order.find((theme) => theme === kept) ?? 'system'
}

/** The one that follows when a person asks for another. */
export const nextTheme = (theme: Theme): Theme => order[(order.indexOf(theme) + 1) % order.length]!

export function keepTheme(storage: Pick<Storage, 'setItem'>, theme: Theme): void {
  storage.setItem(key, theme)
}

/** Shows it; charts hear of it by the event `themechange`. */
export function applyTheme(theme: Theme): void {
  const { documentElement } = document
  if (theme === 'system') documentElement.removeAttribute('data-theme')
  else documentElement.dataset['theme'] = theme
  window.dispatchEvent(new Event('themechange'))
}
