import { readFileSync } from 'node:fs'

import { ManualClock } from '@cex-arbitrage/common/testing'
import { describe, expect, it } from 'vitest'

import type { RestRequest } from '../../server/rest-exchange.js'
import type { VenueHost } from '../../venue/venue-host.js'
import { Authentication, type Caller } from './authentication.js'
import { createGateioVenue } from './create-gateio-venue.js'
import { GateioRefusal } from './gateio-refusal.js'
import { rawJsonMember } from './raw-json-member.js'
import { signChannel, signRest, signStreamRequest } from './signature.js'
import { parseStreamRequest } from './stream-frames.js'

interface RestVector {
  readonly name: string
  readonly key: string
  readonly secret: string
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  readonly timestamp: string
  readonly signature: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

interface ChannelVector {
  readonly name: string
  readonly key: string
  readonly secret: string
  readonly channel: string
  readonly event: string
  readonly time: number
  readonly signature: string
  readonly frame: string
}

interface ApiVector {
  readonly name: string
  readonly key: string
  readonly secret: string
  readonly channel: string
  readonly req_param_raw: string | null
  readonly timestamp: string
  readonly signature: string
  readonly frame: string
  readonly frame_carries_signature: boolean
}

const vectors = JSON.parse(readFileSync(new URL('./fixtures/vectors.json', import.meta.url), 'utf8')) as {
  readonly rest_signing: readonly RestVector[]
  readonly ws_channel_auth: readonly ChannelVector[]
  readonly ws_api: readonly ApiVector[]
  readonly error_labels: readonly {
    readonly label: string
    readonly http_status: number
    readonly status_basis: string
  }[]
}

/** A venue that knows one key, at one moment. */
function venueAt(seconds: number, key: string, secret: string): VenueHost {
  const accounts = [{ id: 'a', uid: 1, keys: [{ key, secret, permission: 'trade' as const }], balances: {} }]
  return createGateioVenue({ clock: new ManualClock(seconds * 1000), accounts, market: { kind: 'manual' } })
}

function requestOf(vector: RestVector): RestRequest {
  const url = new URL(vector.url)
  const headers = Object.fromEntries(Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    method: vector.method,
    path: decodeURIComponent(url.pathname),
    rawPath: url.pathname,
    rawQuery: url.search.slice(1),
    query: url.searchParams,
    headers,
    body: vector.body,
    ip: '127.0.0.1',
    receivedAtMs: 0,
  }
}

function refusalOf(act: () => unknown): GateioRefusal {
  try {
    act()
  } catch (cause) {
    if (cause instanceof GateioRefusal) return cause
    throw cause
  }
  throw new Error('Nothing was refused.')
}

describe('REST signatures', () => {
  it.each(vectors.rest_signing)('match vector $name', (vector) => {
    expect(signRest(vector.secret, vector)).toBe(vector.signature)
  })

  it.each(vectors.rest_signing)('are accepted as sent, and refused when anything is changed: $name', (vector) => {
    const authentication = new Authentication(venueAt(Number(vector.timestamp), vector.key, vector.secret))
    const request = requestOf(vector)
    expect(authentication.authenticateRest(request).apiKey.key).toBe(vector.key)
    for (const change of [{ method: 'PUT ' }, { path: '/x' }, { rawQuery: 'x=1' }, { body: `${vector.body} ` }])
      expect(refusalOf(() => authentication.authenticateRest({ ...request, ...change })).label).toBe(
        'INVALID_SIGNATURE',
      )
  })

  it('are checked in order: headers, time, key, address, signature', () => {
    const vector = vectors.rest_signing.find(({ name }) => name === 'spot-accounts')!
    const time = Number(vector.timestamp)
    const request = requestOf(vector)
    const refuse = (seconds: number, headers: Record<string, string>, key = vector.key): GateioRefusal => {
      const authentication = new Authentication(venueAt(seconds, key, vector.secret))
      return refusalOf(() => authentication.authenticateRest({ ...request, headers }))
    }
    const { headers } = request
    expect(refuse(time, {}).body).toEqual({
      label: 'MISSING_REQUIRED_HEADER',
      message: 'Missing required header: Timestamp',
    })
    expect(refuse(time, { timestamp: '1' }).message).toBe('Missing required header: KEY')
    expect(refuse(time, { timestamp: '1', key: 'x' }).message).toBe('Missing required header: SIGN')
    expect(refuse(time + 61, headers, 'other').label).toBe('REQUEST_EXPIRED')
    expect(refuse(time - 61, headers).status).toBe(403)
    expect(refuse(time, { ...headers, timestamp: 'noon' }).label).toBe('REQUEST_EXPIRED')
    expect(refuse(time + 60, headers, 'other').body).toEqual({ label: 'INVALID_KEY', message: 'Invalid key provided' })
    expect(refuse(time, { ...headers, sign: '00' }).body).toEqual({
      label: 'INVALID_SIGNATURE',
      message: 'Signature mismatch',
    })
  })

  it('are refused from an address that the key does not allow', () => {
    const vector = vectors.rest_signing.find(({ name }) => name === 'spot-accounts')!
    const keys = [{ key: vector.key, secret: vector.secret, permission: 'read' as const, ipWhitelist: ['10.0.0.1'] }]
    const clock = new ManualClock(Number(vector.timestamp) * 1000)
    const accounts = [{ id: 'a', uid: 1, keys, balances: {} }]
    const authentication = new Authentication(createGateioVenue({ clock, accounts, market: { kind: 'manual' } }))
    expect(refusalOf(() => authentication.authenticateRest(requestOf(vector))).label).toBe('IP_FORBIDDEN')
    const caller: Caller = authentication.authenticateRest({ ...requestOf(vector), ip: '::ffff:10.0.0.1' })
    expect(refusalOf(() => authentication.checkMayTrade(caller)).label).toBe('READ_ONLY')
  })
})

describe('channel signatures', () => {
  it.each(vectors.ws_channel_auth)('match vector $name and are accepted in its frame', (vector) => {
    expect(signChannel(vector.secret, vector.channel, vector.event, vector.time)).toBe(vector.signature)
    const authentication = new Authentication(venueAt(vector.time, vector.key, vector.secret))
    const request = parseStreamRequest(vector.frame)!
    expect(authentication.authenticateChannel(request, '').apiKey.key).toBe(vector.key)
    const event = request.event === 'subscribe' ? 'unsubscribe' : 'subscribe'
    const changed = { ...request, event }
    expect(refusalOf(() => authentication.authenticateChannel(changed, '')).label).toBe('INVALID_SIGNATURE')
  })

  it('are missed where there are none', () => {
    const authentication = new Authentication(venueAt(1_764_590_400, 'k', 's'))
    const frame = { channel: 'spot.orders', event: 'subscribe', time: 1_764_590_400, auth: undefined }
    expect(refusalOf(() => authentication.authenticateChannel(frame, '')).label).toBe('AUTHENTICATION_FAILED')
  })
})

describe('WebSocket API signatures', () => {
  it.each(vectors.ws_api)('match vector $name, over the raw text of the frame', (vector) => {
    const raw = rawJsonMember(vector.frame, ['payload', 'req_param'])
    expect(raw ?? null).toBe(vector.req_param_raw)
    expect(signStreamRequest(vector.secret, vector.channel, raw ?? '', vector.timestamp)).toBe(vector.signature)
  })

  it.each(vectors.ws_api.filter((vector) => vector.channel === 'spot.login'))('let a login in: $name', (vector) => {
    const authentication = new Authentication(venueAt(Number(vector.timestamp), vector.key, vector.secret))
    const { payload } = JSON.parse(vector.frame) as { payload: Record<string, unknown> }
    const raw = vector.req_param_raw ?? ''
    expect(authentication.authenticateLogin('spot.login', payload, raw, '').apiKey.key).toBe(vector.key)
    const refuse = (changed: Record<string, unknown>): string =>
      refusalOf(() => authentication.authenticateLogin('spot.login', { ...payload, ...changed }, raw, '')).label
    expect(refuse({ api_key: '' })).toBe('INVALID_KEY')
    expect(refuse({ api_key: 'x' })).toBe('INVALID_KEY')
    expect(refuse({ timestamp: '1' })).toBe('REQUEST_EXPIRED')
    expect(refuse({ signature: 'x' })).toBe('INVALID_SIGNATURE')
  })
})

describe('the raw text of a member', () => {
  it('is cut out as it was sent, whatever surrounds it', () => {
    const text = '{ "a" : {"b\\"}" : [1, {"x":"}]"}] , "c":  -1.50 ,"d":null}, "e":"\\\\" }'
    expect(rawJsonMember(text, ['a', 'b"}'])).toBe('[1, {"x":"}]"}]')
    expect(rawJsonMember(text, ['a', 'c'])).toBe('-1.50')
    expect(rawJsonMember(text, ['a', 'd'])).toBe('null')
    expect(rawJsonMember(text, ['e'])).toBe('"\\\\"')
    expect(rawJsonMember(text, ['a', 'missing', 'deeper'])).toBeUndefined()
    expect(rawJsonMember('[1]', ['a'])).toBeUndefined()
    expect(rawJsonMember('12', [])).toBe('12')
  })
})
