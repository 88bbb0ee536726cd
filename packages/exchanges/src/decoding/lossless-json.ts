const longInteger = /[:[,]\s*-?\d{16,}/
const stringOrLongInteger = /"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/g

/**
 * Reads JSON without losing a digit of ids: an integer of 16 or more digits comes out as a string. Futures order ids
 * exceed 2^53, where `JSON.parse` alone would name another order.
 *
 * @throws SyntaxError when the text is no JSON.
 */
export function parseJson(text: string): unknown {
  if (!longInteger.test(text)) return JSON.parse(text)
  return JSON.parse(text.replace(stringOrLongInteger, (token) => (token.startsWith('"') ? token : `"${token}"`)))
}
