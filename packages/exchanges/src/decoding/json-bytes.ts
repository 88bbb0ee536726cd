// Steps over the plain parts of a JSON frame without making anything of them. Positions are byte offsets.

const enum Byte {
  Quote = 34,
  Comma = 44,
  Minus = 45,
  Dot = 46,
  Zero = 48,
  Colon = 58,
  OpenBracket = 91,
  Backslash = 92,
  CloseBracket = 93,
  CloseBrace = 125,
}

/** What stands there is not of the plain kind that was looked for. */
export const notPlain = -1

/** The bytes of an ASCII word, to compare with. */
export const asciiBytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))
const trueWord = asciiBytes('true')
const falseWord = asciiBytes('false')
const nullWord = asciiBytes('null')

/** Whether `word` stands at `from`. */
export function isAt(b: Buffer, from: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (b[from + i] !== word[i]) return false
  return true
}

/** Whether `word` stands at `from`, with a quote behind it. */
export function isWordAt(b: Buffer, from: number, word: Uint8Array): boolean {
  return isAt(b, from, word) && b[from + word.length] === Byte.Quote
}

/** Whether `word` stands at `from` with the end of its member behind it. */
export function isTokenAt(b: Buffer, from: number, word: Uint8Array): boolean {
  const after = b[from + word.length]
  return isAt(b, from, word) && (after === Byte.Comma || after === Byte.CloseBrace)
}

/** Passes over a member whose key begins at `p` and whose value is a plain scalar; the position after it. */
export function skipMember(b: Buffer, p: number, end: number): number {
  while (b[p] !== Byte.Quote) {
    if (b[p] === Byte.Backslash || p >= end) return notPlain
    p++
  }
  if (b[++p] !== Byte.Colon) return notPlain
  p++
  if (b[p] === Byte.Quote) {
    p++
    while (b[p] !== Byte.Quote) {
      if (b[p] === Byte.Backslash || p >= end) return notPlain
      p++
    }
    return p + 1
  }
  if (isDigit(b[p]!) || b[p] === Byte.Minus) return skipNumber(b, p)
  if (isTokenAt(b, p, trueWord)) return p + trueWord.length
  if (isTokenAt(b, p, nullWord)) return p + nullWord.length
  if (isTokenAt(b, p, falseWord)) return p + falseWord.length
  return notPlain
}

/** A number without exponent, as JSON spells it. */
export function skipNumber(b: Buffer, p: number): number {
  if (b[p] === Byte.Minus) p++
  const from = p
  while (isDigit(b[p]!)) p++
  if (p === from || (b[from] === Byte.Zero && p > from + 1)) return notPlain
  if (b[p] !== Byte.Dot) return p
  const point = p++
  while (isDigit(b[p]!)) p++
  return p === point + 1 ? notPlain : p
}

export const isDigit = (byte: number): boolean => (byte - Byte.Zero) >>> 0 < 10

/** Passes over a list of levels whose bracket is at `p`; levels hold no lists and no brackets in texts. */
export function skipList(b: Buffer, p: number, end: number): number {
  if (b[p] !== Byte.OpenBracket) return notPlain
  let depth = 0
  for (; p < end; p++) {
    if (b[p] === Byte.OpenBracket) depth++
    else if (b[p] === Byte.CloseBracket && --depth === 0) return p + 1
  }
  return notPlain
}
