const textOrToken = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g

/**
 * Parses JSON that may hold the bare tokens `NaN`, `Infinity`, `-Infinity`, as Python writes them; they become `null`.
 *
 * @throws SyntaxError The text is no JSON even so.
 */
export function parseTolerantJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return JSON.parse(text.replace(textOrToken, (part) => (part.startsWith('"') ? part : 'null'))) as unknown
  }
}
