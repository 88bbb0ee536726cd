import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { encodeGateioQuery, GateioSigner } from './signer.js'

interface RestVector {
  readonly name: string
  readonly key: string
  readonly secret: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly url: string
  readonly body: string
  readonly timestamp: string
  readonly signature: string
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
}
const vectors = JSON.parse(readFileSync(new URL('fixtures/vectors.json', import.meta.url), 'utf8')) as {
  readonly rest_signing: readonly RestVector[]
  readonly ws_channel_auth: readonly ChannelVector[]
  readonly ws_api: readonly ApiVector[]
}
const signerOf = ({ key, secret }: { readonly key: string; readonly secret: string }, nowMs = 0): GateioSigner =>
  new GateioSigner({ apiKey: { reveal: () => key }, secret: { reveal: () => secret } }, () => nowMs)

describe('GateioSigner', () => {
  it.each(vectors.rest_signing)('signs the REST request $name as it goes out', (vector) => {
    const { method, path, body, timestamp } = vector
    const { searchParams } = new URL(vector.url)
    const queryText = encodeGateioQuery(Object.fromEntries(searchParams))
    expect(vector.url.endsWith(queryText)).toBe(true)
    const headers = signerOf(vector).signRest({ method, path, queryText, bodyText: body }, timestamp)
    expect(headers).toEqual({ KEY: vector.key, Timestamp: timestamp, SIGN: vector.signature })
  })

  it.each(vectors.ws_channel_auth)('signs the channel request $name', (vector) => {
    const auth = signerOf(vector).signChannel(vector.channel, vector.event, vector.time)
    expect(auth).toEqual((JSON.parse(vector.frame) as { readonly auth: unknown }).auth)
    expect(auth.SIGN).toBe(vector.signature)
  })

  it.each(vectors.ws_api)('signs the WebSocket API request $name', (vector) => {
    const auth = signerOf(vector).signApi(vector.channel, vector.req_param_raw ?? '', vector.timestamp)
    expect(auth).toEqual({ api_key: vector.key, timestamp: vector.timestamp, signature: vector.signature })
  })

  it('uses the time of the server, in whole seconds', () => {
    const signer = signerOf({ key: 'key', secret: 'secret' }, 1_764_590_403_100)
    const request = { method: 'GET', path: '/api/v4/spot/accounts', queryText: '', bodyText: '', attempt: 1 } as const
    expect(signer.sign({ ...request, nowMs: 1_764_590_400_600 }).headers).toMatchObject({ Timestamp: '1764590403' })
  })

  it('signs the query as it reads before encoding', () => {
    const signer = signerOf({ key: 'key', secret: 'secret' })
    const request = { method: 'GET', path: '/api/v4/spot/batch_fee', bodyText: '' } as const
    expect(signer.signRest({ ...request, queryText: 'currency_pairs=A_B%2CC_D' }, '1')).toEqual(
      signer.signRest({ ...request, queryText: 'currency_pairs=A_B,C_D' }, '1'),
    )
  })

  it('shows no secret when it is printed', () => {
    expect(JSON.stringify(signerOf({ key: 'key', secret: 'very-secret' }))).not.toContain('very-secret')
  })
})
