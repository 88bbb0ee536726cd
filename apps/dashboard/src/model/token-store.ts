const key = 'cex-arbitrage-token'

/** The part of the browser's storage that is used here. */
export type TokenStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * The token for commands, kept for this tab alone. It comes with the address after `#token=`, which a browser does not
 * send, or from the person.
 */
export class TokenStore {
  constructor(private readonly storage: TokenStorage) {}

  get token(): string | undefined {
    return this.storage.getItem(key) ?? undefined
  }

  set(token: string): void {
    this.storage.setItem(key, token.trim())
  }

  forget(): void {
    this.storage.removeItem(key)
  }

  /** Takes the token out of the address; returns the fragment that is left. */
  takeFrom(fragment: string): string {
    const parameters = new URLSearchParams(fragment.replace(/^#/, ''))
    const token = parameters.get('token')
    if (token === null) return fragment
    this.set(token)
    parameters.delete('token')
    return parameters.toString()
  }
}
