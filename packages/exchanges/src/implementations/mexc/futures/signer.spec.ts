import { describe, expect, it } from 'vitest'
import { readFixture } from '../../../testing/read-fixture.js'
import { MexcFuturesSigner } from './signer.js'

interface Vector {
  readonly name: string
  readonly api: string
  readonly apiKey: string
  readonly secret: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query: string
  readonly body: string
  readonly requestTime: string
  readonly reqTime: string
  readonly signature: string
}

const { signing } = readFixture<{ readonly signing: readonly Vector[] }>(import.meta.url, '../fixtures/vectors.json')
const signerOf = ({ apiKey, secret }: Vector, timeMs: string) =>
  new MexcFuturesSigner(
    { apiKey: { reveal: () => apiKey }, secret: { reveal: () => secret } },
    () => Number(timeMs) + 0.6,
  )

describe('MexcFuturesSigner', () => {
  const requests = signing.filter(({ api }) => api === 'futures')
  const logins = signing.filter(({ api }) => api === 'futures-ws')

  it('has vectors to be held to', () => {
    expect([requests.length, logins.length]).toEqual([5, 2])
  })

  it.each(requests)('signs as the vector says: $name', (vector) => {
    const { method, path, query, body, requestTime } = vector
    // The exchange sorts what it gets, so the order in which a query goes out does not matter.
    const queryText = query.split('&').toReversed().join('&')
    const request = { method, path, queryText, bodyText: body, nowMs: 1, attempt: 1 }
    expect(signerOf(vector, requestTime).sign(request)).toEqual({
      headers: {
        ApiKey: vector.apiKey,
        'Request-Time': requestTime,
        'Recv-Window': '10',
        Signature: vector.signature,
      },
    })
  })

  it.each(logins)('signs a login as the vector says: $name', (vector) => {
    const { apiKey, reqTime, signature } = vector
    expect(signerOf(vector, reqTime).signLogin()).toEqual({ apiKey, reqTime, signature })
  })

  it('sorts by the names of parameters, not by their texts', () => {
    const signer = signerOf(requests[0]!, '1')
    const sign = (queryText: string) =>
      signer.sign({ method: 'GET', path: '/', queryText, bodyText: '', nowMs: 1, attempt: 1 }).headers!['Signature']
    expect(sign('page1=2&page=1')).toBe(signer.signText('1', 'page=1&page1=2'))
  })
})
