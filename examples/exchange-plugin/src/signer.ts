import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { ExchangeCredentials } from '@cex-arbitrage/exchanges'
import type { RequestSignature, RequestSigner, UnsignedRequest } from '@cex-arbitrage/networking'

/** Signs requests and the login of the stream. The key is prepared once; nothing of it appears in what this class throws. */
export class SampleSigner implements RequestSigner {
  private readonly apiKey: string
  private readonly key: KeyObject

  /** @param serverNowMs - The exchange's clock, Unix milliseconds. */
  constructor(
    credentials: ExchangeCredentials,
    private readonly serverNowMs: () => number,
  ) {
    this.apiKey = credentials.apiKey.reveal()
    this.key = createSecretKey(Buffer.from(credentials.secret.reveal(), 'utf8'))
  }

  sign({ method, path, queryText, bodyText }: UnsignedRequest): RequestSignature {
    const { key, time, sign } = this.stamp(method, queryText === '' ? path : `${path}?${queryText}`, bodyText)
    return { headers: { 'x-key': key, 'x-time': time, 'x-sign': sign } }
  }

  /** The members of a login frame. */
  signLogin(): { readonly key: string; readonly time: string; readonly sign: string } {
    return this.stamp('', '', '')
  }

  private stamp(method: string, target: string, body: string) {
    const time = String(Math.floor(this.serverNowMs()))
    const sign = createHmac('sha256', this.key).update([time, method, target, body].join('\n')).digest('hex')
    return { key: this.apiKey, time, sign }
  }
}
