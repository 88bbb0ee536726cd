import { createSecretKey, type KeyObject } from 'node:crypto'
import type { RequestSignature, RequestSigner, UnsignedRequest } from '@cex-arbitrage/networking'
import type { ExchangeCredentials } from '../../../factory/exchange-context.js'
import { signMexcText } from '../signer.js'
import { recvWindowSeconds } from './constants.js'

/** Sits in a login on the streams. */
export interface MexcFuturesLogin {
  readonly apiKey: string
  readonly reqTime: string
  readonly signature: string
}

/**
 * Signs requests to the futures API: key, time and parameters, where those are the query sorted by name, or the body as it
 * goes out. The key is prepared once; each call takes the time anew.
 *
 * @see https://www.mexc.com/api-docs/futures (read 2026-10)
 */
export class MexcFuturesSigner implements RequestSigner {
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

  sign(request: UnsignedRequest): RequestSignature {
    const parameters = request.bodyText === '' ? sorted(request.queryText) : request.bodyText
    const timeMs = String(Math.floor(this.serverNowMs()))
    return {
      headers: {
        ApiKey: this.apiKey,
        'Request-Time': timeMs,
        'Recv-Window': String(recvWindowSeconds),
        Signature: this.signText(timeMs, parameters),
      },
    }
  }

  /** What a login carries, without parameters. */
  signLogin(): MexcFuturesLogin {
    const reqTime = String(Math.floor(this.serverNowMs()))
    return { apiKey: this.apiKey, reqTime, signature: this.signText(reqTime, '') }
  }

  /** The signature of a text of parameters at a time, both exactly as sent. */
  signText(timeMs: string, parameters: string): string {
    return signMexcText(this.key, this.apiKey + timeMs + parameters)
  }
}

const nameOf = (pair: string): string => pair.slice(0, pair.indexOf('='))

function sorted(queryText: string): string {
  const pairs = queryText.split('&')
  return pairs.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).join('&')
}
