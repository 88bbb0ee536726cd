import type { Clock, Random, Timer } from '@cex-arbitrage/common'

/** Lifetime and counts of listen keys; the venue's values unless told otherwise. */
export interface ListenKeyLimits {
  /** Milliseconds from creation or renewal until a key dies. */
  readonly lifetimeMs: number
  readonly keysPerAccount: number
  readonly connectionsPerKey: number
}

export const defaultListenKeyLimits: ListenKeyLimits = {
  lifetimeMs: 3_600_000,
  keysPerAccount: 60,
  connectionsPerKey: 5,
}

/** Who made a listen key. */
export interface ListenKeyOwner {
  readonly accountId: string
  readonly apiKey: string
}

interface KeyEntry {
  readonly key: string
  readonly accountId: string
  readonly apiKey: string
  readonly connections: Set<ListenKeyConnection>
  timer: Timer
}

/** A socket that lives on a key. */
export interface ListenKeyConnection {
  /** The key has expired or was deleted: pushes stop, the socket closes. */
  onKeyEnded(): void
}

const keyBytes = 32
const keyCharacters = 64
const bytesPerDraw = 4

/** All listen keys of a venue. */
export class ListenKeys {
  private readonly entries = new Map<string, KeyEntry>()

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    readonly limits: ListenKeyLimits = defaultListenKeyLimits,
  ) {}

  /** A new key; `undefined` when the account has as many as it may. */
  create({ accountId, apiKey }: ListenKeyOwner): string | undefined {
    if (this.list(accountId).length >= this.limits.keysPerAccount) return undefined
    const key = this.draw()
    this.entries.set(key, { key, accountId, apiKey, connections: new Set(), timer: this.startTimer(key) })
    return key
  }

  /** Restarts the lifetime; `false` when the account has no such key. */
  renew(accountId: string, key: string): boolean {
    const entry = this.entries.get(key)
    if (entry?.accountId !== accountId) return false
    entry.timer.cancel()
    entry.timer = this.startTimer(key)
    return true
  }

  /** Ends a key and its sockets; `false` when the account has no such key. */
  delete(accountId: string, key: string): boolean {
    if (this.entries.get(key)?.accountId !== accountId) return false
    this.end(key)
    return true
  }

  /** Oldest first. */
  list(accountId: string): string[] {
    return [...this.entries.values()].filter((entry) => entry.accountId === accountId).map(({ key }) => key)
  }

  /** The key's owner when one more socket may use it. */
  ownerFor(key: string): ListenKeyOwner | undefined {
    const entry = this.entries.get(key)
    return entry !== undefined && entry.connections.size < this.limits.connectionsPerKey ? entry : undefined
  }

  attach(key: string, connection: ListenKeyConnection): void {
    this.entries.get(key)?.connections.add(connection)
  }

  detach(key: string, connection: ListenKeyConnection): void {
    this.entries.get(key)?.connections.delete(connection)
  }

  /** Ends every key, or those that one API key made, as when the venue forgets its sessions. */
  expire(apiKey?: string): void {
    for (const entry of this.entries.values()) if (apiKey === undefined || entry.apiKey === apiKey) this.end(entry.key)
  }

  private startTimer(key: string): Timer {
    return this.clock.setTimer(() => this.end(key), this.limits.lifetimeMs)
  }

  private end(key: string): void {
    const entry = this.entries.get(key)
    if (entry === undefined) return
    entry.timer.cancel()
    this.entries.delete(key)
    for (const connection of entry.connections) connection.onKeyEnded()
  }

  private draw(): string {
    let key = ''
    for (let i = 0; i < keyBytes / bytesPerDraw; i++) {
      const word = Math.floor(this.random.next() * 2 ** (8 * bytesPerDraw))
      key += word.toString(16).padStart(2 * bytesPerDraw, '0')
    }
    return key.slice(0, keyCharacters)
  }
}
