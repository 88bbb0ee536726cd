import { LocalVenue } from './local-venue.js'

/** Answers subscriptions, logins and pings as MEXC's futures streams do; contracts in `blockedTopics` do not exist there. */
export function answerMexcFuturesText(text: string, blockedTopics: ReadonlySet<string>): string {
  const { method, param } = JSON.parse(text) as {
    readonly method: string
    readonly param?: { readonly symbol?: string }
  }
  if (method === 'ping') return '{"channel":"pong","data":1587453241453}'
  const symbol = param?.symbol ?? ''
  if (blockedTopics.has(symbol)) return `{"channel":"rs.error","data":"Contract [${symbol}] not exists","ts":1}`
  return JSON.stringify({ channel: `rs.${method}`, data: 'success', ts: 1 })
}

/** A local stand-in for MEXC's futures whose every answer a spec decides. */
export async function startLocalMexcFutures(): Promise<LocalVenue> {
  const venue = await LocalVenue.start(answerMexcFuturesText)
  venue.routes.set('GET /api/v1/contract/ping', () => ({ success: true, code: 0, data: Date.now() }))
  return venue
}
