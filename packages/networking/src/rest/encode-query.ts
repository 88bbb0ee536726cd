import type { QueryParameters } from './rest-request.js'

/** The query text as it goes out, without `?`: RFC 3986, in the order given, `undefined` left out, lists repeated. */
export function encodeQuery(query: QueryParameters | string | undefined): string {
  if (query === undefined) return ''
  if (typeof query === 'string') return query
  let text = ''
  for (const name in query) {
    const value = query[name]
    if (value === undefined) continue
    for (const each of Array.isArray(value) ? (value as readonly (string | number)[]) : [value])
      text += `${text === '' ? '' : '&'}${encode(name)}=${encode(String(each))}`
  }
  return text
}

const plain = /^[\w.~-]*$/
const reserved = /[!'()*]/g

function encode(text: string): string {
  if (plain.test(text)) return text
  return encodeURIComponent(text).replace(reserved, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
