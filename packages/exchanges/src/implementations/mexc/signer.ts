import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { RequestSignature, RequestSigner, UnsignedRequest } from '@cex-arbitrage/networking'
import type { ExchangeCredentials } from '../../factory/exchange-context.js'

/** Lower-case hex of HMAC-SHA256. */
export function signMexcText(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex')
}

/** Parameters as the query text that is signed and sent: UTF-8 escaped with upper-case hex, in the order given. */
export function encodeMexcQuery(parameters: Readonly<Record<string, string | number | undefined>>): string {
  let text = ''
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) text += `${text === '' ? '' : '&'}${name}=${encodeURIComponent(value)}`
  return text
}

/**
 * Signs REST requests: the query with `recvWindow` and `timestamp` behind it, then the body, without anything between.
 * The key is prepared once. Each call takes the time anew, so a repeated request has a fresh signature.
 *
 * @see https://www.mexc.com/api-docs/spot-v3 (read 2026-10)
 */
export class MexcSigner implements RequestSigner {
  readonly apiKey: string
  private readonly key: KeyObject
  private readonly headers: Readonly<Record<string, string>>

  /** @param serverNowMs - The exchange's clock, Unix milliseconds. */
  constructor(
    credentials: ExchangeCredentials,
    private readonly recvWindowMs: number,
    private readonly serverNowMs: () => number,
  ) {
    this.apiKey = credentials.apiKey.reveal()
    this.key = createSecretKey(Buffer.from(credentials.secret.reveal(), 'utf8'))
    this.headers = { 'X-MEXC-APIKEY': this.apiKey }
  }

  sign(request: UnsignedRequest): RequestSignature {
    const stamp = `recvWindow=${this.recvWindowMs}&timestamp=${Math.floor(this.serverNowMs())}`
    const query = request.queryText === '' ? stamp : `${request.queryText}&${stamp}`
    const signature = signMexcText(this.key, query + request.bodyText)
    return { headers: this.headers, appendQuery: `${stamp}&signature=${signature}` }
  }
}
