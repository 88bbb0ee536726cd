import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'
import type { RequestSignature, RequestSigner, UnsignedRequest } from '@cex-arbitrage/networking'
import { msPerSecond } from '@cex-arbitrage/common'
import type { ExchangeCredentials } from '../../factory/exchange-context.js'

/** SHA-512 of the empty body, which most requests have. */
const emptyBodyHash =
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e'

/** Sits in a private request to a channel. */
export interface GateioChannelAuth {
  readonly method: 'api_key'
  readonly KEY: string
  readonly SIGN: string
}

/** Sits in the payload of a WebSocket API login. */
export interface GateioApiAuth {
  readonly api_key: string
  readonly timestamp: string
  readonly signature: string
}

/** Parameters as the text of a query, in the order given; commas stay, as the exchange signs and wants them. */
export function encodeGateioQuery(parameters: Readonly<Record<string, string | number | undefined>>): string {
  let text = ''
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined)
      text += `${text === '' ? '' : '&'}${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`
  return text
}

/**
 * Signs REST requests, private channel requests and the WebSocket API login. The key is prepared once; nothing of it
 * appears in what this class throws.
 *
 * @see https://www.gate.com/docs/developers/apiv4/ (read 2026-09)
 */
export class GateioSigner implements RequestSigner {
  readonly apiKey: string
  private readonly key: KeyObject

  /** @param serverNowMs - The exchange's clock, Unix milliseconds. */
  constructor(
    credentials: ExchangeCredentials,
    private readonly serverNowMs: () => number,
  ) {
    this.apiKey = credentials.apiKey.reveal()
    this.key = createSecretKey(Buffer.from(credentials.secret.reveal(), 'utf8'))
  }

  /** The exchange's clock, in whole Unix seconds. */
  get nowSeconds(): number {
    return Math.floor(this.serverNowMs() / msPerSecond)
  }

  sign(request: UnsignedRequest): RequestSignature {
    return { headers: this.signRest(request, String(this.nowSeconds)) }
  }

  /**
   * The headers of a REST request. The query is signed decoded, in the order in which it goes out.
   *
   * @param timestamp - Unix seconds, as text; a fraction is allowed.
   */
  signRest(
    request: Pick<UnsignedRequest, 'method' | 'path' | 'queryText' | 'bodyText'>,
    timestamp: string,
  ): Readonly<Record<'KEY' | 'SIGN' | 'Timestamp', string>> {
    const { method, path, queryText, bodyText } = request
    const bodyHash = bodyText === '' ? emptyBodyHash : hash('sha512', bodyText, 'hex')
    const query = queryText === '' ? '' : decodeURIComponent(queryText)
    const text = `${method}\n${path}\n${query}\n${bodyHash}\n${timestamp}`
    return { KEY: this.apiKey, SIGN: this.digest(text), Timestamp: timestamp }
  }

  /** The `auth` member of a private `subscribe` or `unsubscribe`; `timeSeconds` is the frame's own `time`. */
  signChannel(channel: string, event: string, timeSeconds: number): GateioChannelAuth {
    const signature = this.digest(`channel=${channel}&event=${event}&time=${timeSeconds}`)
    return { method: 'api_key', KEY: this.apiKey, SIGN: signature }
  }

  /**
   * The signature members of a WebSocket API payload.
   *
   * @param parameterText - The text of `req_param` exactly as sent; empty when there is none, as in a login.
   */
  signApi(channel: string, parameterText: string, timestamp: string): GateioApiAuth {
    const signature = this.digest(`api\n${channel}\n${parameterText}\n${timestamp}`)
    return { api_key: this.apiKey, timestamp, signature }
  }

  private digest(text: string): string {
    return createHmac('sha512', this.key).update(text, 'utf8').digest('hex')
  }
}
