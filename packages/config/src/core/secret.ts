import { inspect } from 'node:util'

const redacted = '[secret]'

/**
 * A text that must not be seen: an API key, a password, a connection address that carries one. Every way of printing it
 * (template, `JSON.stringify`, `util.inspect`, `util.format`, a log) shows a placeholder; `reveal()` alone gives the text.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    Object.freeze(this)
  }

  /** The text itself. Call it where the text is used and keep no copy. */
  reveal(): string {
    return this.#text
  }

  /** Whether both hold the same text, in time that does not depend on where they differ. */
  equals(other: Secret): boolean {
    const mine = Buffer.from(this.#text)
    const theirs = Buffer.from(other.#text)
    let difference = mine.length ^ theirs.length
    for (let i = 0; i < mine.length; i++) difference |= mine[i]! ^ (theirs[i] ?? 0)
    return difference === 0
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  [Symbol.toPrimitive](): string {
    return redacted
  }

  get [Symbol.toStringTag](): string {
    return 'Secret'
  }

  [inspect.custom](): string {
    return redacted
  }
}
