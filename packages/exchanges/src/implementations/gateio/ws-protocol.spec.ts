import { describe, expect, it } from 'vitest'
import { readFixture } from '../../testing/read-fixture.js'
import { GateioSigner } from './signer.js'
import { gateioOptionsSchema } from './schemas.js'
import {
  createGateioApiRequest,
  createGateioLogin,
  createGateioPing,
  createGateioSubscription,
  isRefusal,
  readGateioApiFrame,
  readGateioFrame,
  webSocketUrlOf,
} from './ws-protocol.js'

interface ChannelVector {
  readonly name: string
  readonly key: string
  readonly secret: string
  readonly channel: string
  readonly event: 'subscribe' | 'unsubscribe'
  readonly time: number
  readonly frame: string
}
interface ApiVector {
  readonly name: string
  readonly key: string
  readonly secret: string
  readonly channel: string
  readonly req_param_raw: string | null
  readonly timestamp: string
  readonly frame: string
}
const vectors = readFixture<{
  readonly ws_channel_auth: readonly ChannelVector[]
  readonly ws_api: readonly ApiVector[]
}>(import.meta.url, './fixtures/vectors.json')
const signerOf = ({ key, secret }: { readonly key: string; readonly secret: string }): GateioSigner =>
  new GateioSigner({ apiKey: { reveal: () => key }, secret: { reveal: () => secret } }, () => 0)

describe('frames to Gate.io', () => {
  it.each(vectors.ws_channel_auth)('spells the private request $name', (vector) => {
    const { id, payload } = JSON.parse(vector.frame) as { readonly id?: number; readonly payload?: string[] }
    const { channel, event, time } = vector
    const frame = createGateioSubscription(
      channel,
      event,
      payload,
      time,
      id ?? 1,
      signerOf(vector).signChannel(channel, event, time),
    )
    expect(JSON.parse(frame)).toEqual({ id: 1, ...(JSON.parse(vector.frame) as object) })
    if (id !== undefined) expect(frame).toBe(vector.frame)
  })

  it.each(
    vectors.ws_api.filter((each) => each.channel.endsWith('.login') && each.req_param_raw === null && each.frame),
  )('spells the login $name', (vector) => {
    const { payload } = JSON.parse(vector.frame) as { readonly payload: { readonly req_id: string } }
    const auth = signerOf(vector).signApi(vector.channel, '', vector.timestamp)
    expect(createGateioLogin(vector.channel, payload.req_id, Number(vector.timestamp), auth)).toBe(vector.frame)
  })

  it('sends the parameters of a call as they are, with and without an expiry', () => {
    const frame = createGateioApiRequest('spot.order_place', 'r1', { a: '1' }, 5, 1_681_986_203_500.7)
    expect(frame).toBe(
      '{"time":5,"channel":"spot.order_place","event":"api","payload":{"req_id":"r1","req_header":{"x-gate-exptime":"1681986203500"},"req_param":{"a":"1"}}}',
    )
    expect(createGateioApiRequest('spot.order_cancel', 'r2', {}, 5)).not.toContain('req_header')
    expect(createGateioPing('spot.ping', 1_545_404_022_900)).toBe('{"time":1545404022,"channel":"spot.ping"}')
  })

  it('goes to the address given, else to the exchange or its test network', () => {
    const options = gateioOptionsSchema.parse({})
    expect(webSocketUrlOf({ webSocketUrl: 'ws://x' }, options)).toBe('ws://x')
    expect(webSocketUrlOf({}, options)).toBe('wss://api.gateio.ws/ws/v4/')
    expect(webSocketUrlOf({}, { useTestnet: true })).toContain('testnet')
  })
})

describe('frames from Gate.io', () => {
  it('tells an acknowledgement from a refusal', () => {
    const acknowledged = readGateioFrame(readFixture(import.meta.url, './fixtures/ws-subscribe-ack.json'))!
    expect(acknowledged).toMatchObject({ id: 1, event: 'subscribe' })
    expect(isRefusal(acknowledged)).toBe(false)
    expect(isRefusal({ channel: 'x', result: { status: 'fail' } })).toBe(true)
    expect(isRefusal({ channel: 'x', error: { code: 2, message: 'm' }, result: null })).toBe(true)
    expect(readGateioFrame([])).toBeUndefined()
  })

  it('reads receipts and logins of the WebSocket API', () => {
    expect(readGateioApiFrame(readFixture(import.meta.url, './fixtures/ws-api-ack.json'))).toMatchObject({
      request_id: 'request-2',
      ack: true,
    })
    const login = readGateioApiFrame(readFixture(import.meta.url, './fixtures/ws-api-login.json'))!
    expect(login.header.status).toBe('200')
    expect(readGateioApiFrame({ channel: 'spot.pong' })).toBeUndefined()
  })
})
