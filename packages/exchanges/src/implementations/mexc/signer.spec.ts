import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readFixture } from '../../testing/read-fixture.js'
import { maxClockAheadMs } from './constants.js'
import { MexcSigner, encodeMexcQuery, signMexcText } from './signer.js'

interface Vectors {
  readonly signing: readonly {
    readonly name: string
    readonly api: string
    readonly apiKey: string
    readonly secret: string
    readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
    readonly path: string
    readonly queryString?: string
    readonly body?: string
    readonly stringToSign: string
    readonly signature: string
  }[]
  readonly timestampRule: {
    readonly cases: readonly {
      readonly serverTime: number
      readonly timestamp: number
      readonly recvWindow: number
      readonly accept: boolean
    }[]
  }
}

const { signing, timestampRule } = readFixture<Vectors>(import.meta.url, './fixtures/vectors.json')
const credentialsOf = ({ apiKey, secret }: { readonly apiKey: string; readonly secret: string }) => ({
  apiKey: { reveal: () => apiKey },
  secret: { reveal: () => secret },
})
const stampPattern = /^(?:(.*)&)?recvWindow=(\d+)&timestamp=(\d+)$/

describe('signMexcText', () => {
  it.each(signing)('reproduces the published signature: $name', ({ secret, stringToSign, signature }) => {
    expect(signMexcText(createSecretKey(Buffer.from(secret)), stringToSign)).toBe(signature)
  })
})

describe('MexcSigner', () => {
  const stamped = signing.filter(({ api, queryString, body }) => {
    return api === 'spot' && body === '' && stampPattern.test(queryString ?? '')
  })

  it('has vectors to be held to', () => {
    expect(stamped.length).toBeGreaterThanOrEqual(9)
  })

  it.each(stamped)('signs as the vector says: $name', (vector) => {
    const [, queryText = '', recvWindow, timestamp] = stampPattern.exec(vector.queryString!)!
    const signer = new MexcSigner(credentialsOf(vector), Number(recvWindow), () => Number(timestamp) + 0.7)
    const { method, path } = vector
    const added = signer.sign({ method, path, queryText, bodyText: '', nowMs: 1, attempt: 1 })
    expect(added).toEqual({
      headers: { 'X-MEXC-APIKEY': vector.apiKey },
      appendQuery: `recvWindow=${recvWindow}&timestamp=${timestamp}&signature=${vector.signature}`,
    })
  })

  it('signs a body right behind the query', () => {
    const vector = signing.find(({ name }) => name === 'docs-example-3-mixed')!
    const signer = new MexcSigner(credentialsOf(vector), 5000, () => 1)
    const bodyText = 'quantity=1'
    const request = {
      method: 'POST',
      path: '/api/v3/order',
      queryText: 'symbol=BTCUSDT',
      nowMs: 1,
      attempt: 1,
    } as const
    const { appendQuery } = signer.sign({ ...request, bodyText })
    const text = 'symbol=BTCUSDT&recvWindow=5000&timestamp=1quantity=1'
    expect(appendQuery).toContain(signMexcText(createSecretKey(Buffer.from(vector.secret)), text))
  })

  it('takes the exchange clock anew for each attempt', () => {
    let now = 1_000
    const signer = new MexcSigner(credentialsOf(signing[0]!), 5000, () => now)
    const request = { method: 'GET', path: '/api/v3/account', queryText: '', bodyText: '', nowMs: 0 } as const
    const first = signer.sign({ ...request, attempt: 1 })
    now = 2_000
    const second = signer.sign({ ...request, attempt: 2 })
    expect(first.appendQuery).toContain('timestamp=1000&')
    expect(second.appendQuery).toContain('timestamp=2000&')
    expect(first.appendQuery).not.toBe(second.appendQuery)
  })

  it('shows nothing of the secret when it is printed', () => {
    const signer = new MexcSigner(credentialsOf(signing[0]!), 5000, () => 1)
    expect(JSON.stringify(signer)).not.toContain(signing[0]!.secret)
  })

  it.each(timestampRule.cases)(
    'knows the window in which $timestamp is taken at $serverTime',
    ({ serverTime, timestamp, recvWindow, accept }) => {
      expect(timestamp < serverTime + maxClockAheadMs && serverTime - timestamp <= recvWindow).toBe(accept)
    },
  )
})

describe('encodeMexcQuery', () => {
  it('escapes with upper-case hex, keeps the order and leaves out what is undefined', () => {
    expect(encodeMexcQuery({ symbol: '龙虾USDT', limit: undefined, a: 'x y,z', n: 5 })).toBe(
      'symbol=%E9%BE%99%E8%99%BEUSDT&a=x%20y%2Cz&n=5',
    )
    expect(encodeMexcQuery({})).toBe('')
  })
})
