/** Parameters of one call after decoding, with the exact text that its signature covers. */
export interface RequestParameters {
  /** By name; where query and body both carry a name, the query's value. */
  readonly values: ReadonlyMap<string, string>
  /** Query without the leading `?`, then the body with no separator, both without `signature`. */
  readonly signedText: string
  readonly signature: string | undefined
}

const signatureName = 'signature'

/**
 * Reads the parameters of a call from its raw query and body. The body is form text; a JSON object is read as well,
 * because the venue's documents mention it.
 */
export function parseRequestParameters(rawQuery: string, rawBody: string): RequestParameters {
  const values = new Map<string, string>()
  const query = splitPairs(rawQuery)
  const isJson = rawBody.trimStart().startsWith('{')
  const body = isJson ? [] : splitPairs(rawBody)
  const pairs = [...(isJson ? jsonPairs(rawBody) : body.map(decodePair)), ...query.map(decodePair)]
  for (const [name, value] of pairs) values.set(name, value)
  const signature = values.get(signatureName)
  values.delete(signatureName)
  return {
    values,
    signedText: withoutSignature(query) + (isJson ? rawBody : withoutSignature(body)),
    signature,
  }
}

const splitPairs = (text: string): string[] => text.split('&').filter((pair) => pair !== '')

const withoutSignature = (pairs: readonly string[]): string =>
  pairs.filter((pair) => !pair.startsWith(`${signatureName}=`)).join('&')

function decodePair(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return at < 0 ? [decodeText(pair), ''] : [decodeText(pair.slice(0, at)), decodeText(pair.slice(at + 1))]
}

/** Text with a broken escape is taken as it stands; the checks of the single parameters refuse it. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function jsonPairs(rawBody: string): [string, string][] {
  try {
    const parsed = JSON.parse(rawBody) as Record<string, unknown>
    return Object.entries(parsed).map(([name, value]) => [name, scalarText(value)])
  } catch {
    return []
  }
}

const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
