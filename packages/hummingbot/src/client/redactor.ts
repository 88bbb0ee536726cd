const replacement = '[redacted]'
/** A shorter secret is replaced only where it stands alone, lest it eats into other words. */
const shortSecret = 8

/** Takes secrets out of whatever may reach a log, an exception or an event, at any depth (R7.6). */
export class Redactor {
  readonly #patterns: readonly RegExp[]
  readonly #spellings: readonly string[]

  constructor(secrets: readonly string[]) {
    const given = secrets.filter((secret) => secret !== '')
    this.#patterns = given.flatMap(createPatterns)
    this.#spellings = given.flatMap(spell)
  }

  /** Whether nothing read from this JSON text can hold a secret: not as it is, and not behind an escape. */
  isClean(json: string): boolean {
    return !json.includes('\\') && !this.#spellings.some((spelling) => json.includes(spelling))
  }

  redactText(text: string): string {
    let result = text
    for (const pattern of this.#patterns) result = result.replace(pattern, replacement)
    return result
  }

  /** A copy without secrets; the value itself where it has none. Names of members are redacted too. */
  redact<T>(value: T): T {
    return this.#walk(value) as T
  }

  #walk(value: unknown): unknown {
    if (typeof value === 'string') return this.redactText(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#walk(item))
      return items.every((item, i) => item === value[i]) ? value : items
    }
    const entries = Object.entries(value).map(([name, member]) => [this.redactText(name), this.#walk(member)] as const)
    const isSame = entries.every(([name, member]) => (value as Record<string, unknown>)[name] === member)
    return isSame ? value : Object.fromEntries(entries)
  }
}

function createPatterns(secret: string): RegExp[] {
  return spell(secret).map((spelling) => {
    const literal = spelling.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return new RegExp(secret.length < shortSecret ? `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])` : literal, 'g')
  })
}

/** The ways in which a secret may be written: as it is, in JSON, in a URL. */
function spell(secret: string): string[] {
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])]
}
