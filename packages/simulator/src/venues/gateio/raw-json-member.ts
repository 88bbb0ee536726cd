/**
 * Finds the text of a member in a JSON object as it was sent, byte for byte, for signatures over raw text.
 *
 * @param json - A text that is known to parse as JSON.
 * @param path - Names from the outside in.
 * @returns `undefined` when there is no such member.
 */
export function rawJsonMember(json: string, path: readonly string[]): string | undefined {
  let text: string | undefined = json
  for (const name of path) text = text === undefined ? undefined : memberOf(text, name)
  return text
}

function memberOf(json: string, name: string): string | undefined {
  let at = skipSpace(json, 0)
  if (json[at] !== '{') return undefined
  at = skipSpace(json, at + 1)
  let found: string | undefined
  while (at < json.length && json[at] !== '}') {
    const keyEnd = endOfValue(json, at)
    const key = JSON.parse(json.slice(at, keyEnd)) as string
    const begin = skipSpace(json, skipSpace(json, keyEnd) + 1)
    const end = endOfValue(json, begin)
    if (key === name) found = json.slice(begin, end)
    at = skipSpace(json, end)
    if (json[at] === ',') at = skipSpace(json, at + 1)
  }
  return found
}

function skipSpace(json: string, from: number): number {
  let at = from
  while (at < json.length && ' \t\n\r'.includes(json[at]!)) at++
  return at
}

/** Index behind the value that begins at `from`. */
function endOfValue(json: string, from: number): number {
  let depth = 0
  for (let at = from; at < json.length; at++) {
    const char = json[at]!
    if (char === '"') {
      at = endOfString(json, at) - 1
      if (depth === 0) return at + 1
    } else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (depth === 0 && ', \t\n\r'.includes(char)) return at
  }
  return json.length
}

function endOfString(json: string, from: number): number {
  let at = from + 1
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at + 1
}
