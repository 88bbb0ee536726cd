const bareToken = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g

/**
 * Reads JSON in which numbers may be the bare tokens `NaN`, `Infinity` and `-Infinity`, as Python writes them; each
 * becomes `null`.
 *
 * @throws SyntaxError The text is no JSON otherwise either.
 */
export function parseTolerantJson(text: string): unknown {
  const plain = /NaN|Infinity/.test(text)
    ? text.replace(bareToken, (token) => (token.startsWith('"') ? token : 'null'))
    : text
  return JSON.parse(plain)
}
