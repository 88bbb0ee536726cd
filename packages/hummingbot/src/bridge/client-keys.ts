import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The keys that clients may come with, compared in constant time. */
export class ClientKeys {
  private readonly digests: readonly Buffer[]

  constructor(keys: readonly string[]) {
    this.digests = keys.map(digest)
  }

  accepts(key: unknown): boolean {
    if (typeof key !== 'string') return false
    const given = digest(key)
    // Every key is compared, so that the time tells nothing about which one it is.
    return this.digests.reduce((isFound, known) => timingSafeEqual(known, given) || isFound, false)
  }
}
