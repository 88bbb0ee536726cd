const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/

/** A header of an HTTP answer; the name is lower case. */
export interface HeaderLine {
  readonly name: string
  readonly value: string
}

/** Reads one line of a head; `undefined` for one that is no header. Takes time in proportion to its length, whatever it holds. */
export function parseHeaderLine(line: string): HeaderLine | undefined {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(0, colon))
  const value = line.slice(colon + 1)
  if (!namePattern.test(name) || !valuePattern.test(value)) return undefined
  return { name: name.toLowerCase(), value: value.trim() }
}
