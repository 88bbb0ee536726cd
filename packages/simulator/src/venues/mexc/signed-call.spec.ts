import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { parseRequestParameters } from './request-parameters.js'
import { checkSignedCall, isTimely, signText } from './signed-call.js'

interface SigningVector {
  readonly name: string
  readonly secret: string
  readonly queryString: string
  readonly body: string
  readonly stringToSign: string
  readonly signature: string
  readonly publishedSignature?: string
}

interface TimestampCase {
  readonly serverTime: number
  readonly timestamp: number
  readonly recvWindow: number
  readonly accept: boolean
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'))
const vectors = read('signing') as readonly SigningVector[]
const { cases } = read('timestamp-rule') as { readonly cases: readonly TimestampCase[] }

const timestampOf = (vector: SigningVector): number => Number(/timestamp=(\d+)/.exec(vector.stringToSign)![1])

/** The query or body with a signature appended where the vector carries its time. */
function signed(vector: SigningVector, signature: string) {
  const { queryString, body } = vector
  const suffix = `&signature=${signature}`
  return body === ''
    ? parseRequestParameters(queryString + suffix, '')
    : parseRequestParameters(queryString, body + suffix)
}

describe('checkSignedCall', () => {
  for (const vector of vectors) {
    const context = { secret: vector.secret, serverTimeMs: timestampOf(vector) }

    it(`accepts the vector ${vector.name}`, () => {
      expect(signText(vector.secret, vector.stringToSign)).toBe(vector.signature)
      const parameters = signed(vector, vector.signature)
      expect(parameters.signedText).toBe(vector.stringToSign)
      expect(checkSignedCall(parameters, context)).toBeUndefined()
    })

    it(`refuses other digests of ${vector.name}`, () => {
      const others = [vector.signature.toUpperCase(), vector.signature.slice(1), vector.publishedSignature ?? 'x']
      for (const other of others) expect(checkSignedCall(signed(vector, other), context)?.code).toBe(700002)
    })
  }

  it('takes the signature wherever it stands', () => {
    const [vector] = vectors as [SigningVector]
    const parameters = parseRequestParameters(`signature=${vector.signature}&${vector.queryString}`, vector.body)
    expect(checkSignedCall(parameters, { secret: vector.secret, serverTimeMs: timestampOf(vector) })).toBeUndefined()
  })

  it('goes through its checks in order', () => {
    const check = (query: string) => {
      const context = { secret: 's', serverTimeMs: 1_755_000_000_000 }
      const { code, msg } = checkSignedCall(parseRequestParameters(query, ''), context)!
      return `${code} ${msg}`
    }
    expect(check('recvWindow=99999')).toContain("700004 Mandatory parameter 'timestamp'")
    expect(check('timestamp=abc')).toContain("'timestamp'")
    expect(check('timestamp=1&recvWindow=60001')).toContain('700005')
    expect(check('timestamp=1&recvWindow=x')).toContain("'recvWindow'")
    expect(check('timestamp=1&recvWindow=60000')).toContain('700003')
    expect(check('timestamp=1755000000000&recvWindow=')).toContain("700004 Mandatory parameter 'signature'")
    expect(check('timestamp=1755000000000&signature=00')).toContain('700002')
  })
})

describe('isTimely', () => {
  for (const { serverTime, timestamp, recvWindow, accept } of cases)
    it(`${accept ? 'accepts' : 'refuses'} ${timestamp} at ${serverTime}`, () =>
      expect(isTimely(timestamp, recvWindow, serverTime)).toBe(accept))
})

describe('parseRequestParameters', () => {
  it('lets the query win over the body', () => {
    const { values } = parseRequestParameters('symbol=A&x=1', 'symbol=B&y=%E9%BE%99')
    expect(Object.fromEntries(values)).toEqual({ symbol: 'A', x: '1', y: '龙' })
  })

  it('reads a JSON body', () => {
    const { values, signedText } = parseRequestParameters('t=1', '{"symbol":"A","quantity":1.5,"none":null}')
    expect(Object.fromEntries(values)).toEqual({ symbol: 'A', quantity: '1.5', none: '', t: '1' })
    expect(signedText).toBe('t=1{"symbol":"A","quantity":1.5,"none":null}')
    expect(parseRequestParameters('', '{broken').values.size).toBe(0)
  })

  it('keeps text with a broken escape, and names without a value', () => {
    const { values } = parseRequestParameters('symbol=%E9%&flag', '')
    expect(Object.fromEntries(values)).toEqual({ symbol: '%E9%', flag: '' })
  })
})
