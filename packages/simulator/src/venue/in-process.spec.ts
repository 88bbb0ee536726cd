import { ManualClock } from '@cex-arbitrage/common/testing'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RawRequest } from '../server/rest-endpoint.js'
import type { RestResponse } from '../server/rest-exchange.js'
import { encodeResponse, type RestReply } from '../server/rest-reply.js'
import type { ServerSocket } from '../server/server-socket.js'
import { createGateioVenue } from '../venues/gateio/index.js'
import type { VenueHost } from './venue-host.js'

class RecordingReply implements RestReply {
  readonly outcomes: (RestResponse | 'cut')[] = []
  truncated: RestResponse | undefined

  send(response: RestResponse): void {
    this.outcomes.push(response)
  }

  cut(): void {
    this.outcomes.push('cut')
  }

  truncate(response: RestResponse): void {
    this.truncated = response
  }
}

class RecordingSocket extends EventEmitter implements ServerSocket {
  readyState = 1
  readonly frames: unknown[] = []

  send(frame: string | Buffer): void {
    this.frames.push(JSON.parse(frame.toString()))
  }

  ping(): void {
    this.emit('pong')
  }

  pong(): void {}

  close(): void {
    this.terminate()
  }

  terminate(): void {
    this.readyState = 3
    this.emit('close')
  }
}

const time: RawRequest = { method: 'get', target: '/api/v4/spot/time', headers: {}, body: '', ip: '10.0.0.1' }

let clock: ManualClock
let venue: VenueHost

beforeEach(() => {
  clock = new ManualClock()
  venue = createGateioVenue({ clock, market: { kind: 'manual' }, latency: { requestMs: 10, ackMs: 5 } })
})

afterEach(() => venue.close())

describe('a venue within the process', () => {
  it('answers requests on the clock it was given, with its latency', async () => {
    expect(venue.startInProcess().rest).toBe('http://gateio.invalid/api/v4')
    const reply = new RecordingReply()
    void venue.answer(time, reply)
    await clock.advance(14)
    expect(reply.outcomes).toEqual([])
    await clock.advance(1)
    expect(reply.outcomes).toMatchObject([{ status: 200, body: { server_time: clock.nowMs() - 5 } }])
    const { bytes, headers } = encodeResponse(reply.outcomes[0] as RestResponse)
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'content-length': bytes.length })
  })

  it('cuts and truncates as its faults say', async () => {
    venue.startInProcess()
    venue.faults.add({ kind: 'lost_acknowledgement', count: 1 })
    venue.faults.add({ kind: 'response_truncate', count: 1 })
    const [lost, half] = [new RecordingReply(), new RecordingReply()]
    void venue.answer(time, lost)
    await clock.advance(20)
    void venue.answer(time, half)
    await clock.advance(20)
    expect(lost.outcomes).toEqual(['cut'])
    expect(half.truncated).toMatchObject({ status: 200 })
  })

  it('serves a socket from its handshake to its end, and answers admin requests', async () => {
    const { ws } = venue.startInProcess('gate.test')
    expect(ws).toBe('ws://gate.test/ws/v4/')
    const socket = new RecordingSocket()
    expect(venue.accept({ url: '/ws/v4/', headers: {}, ip: '10.0.0.1' }, socket)).toBeUndefined()
    socket.emit('message', Buffer.from('{"time":1,"channel":"spot.ping"}'), false)
    await clock.advance(100)
    expect(socket.frames).toMatchObject([{ channel: 'spot.pong' }])
    venue.faults.add({ kind: 'disconnect' })
    expect(socket.readyState).toBe(3)
    const truth = new RecordingReply()
    await venue.answer({ ...time, target: '/__admin/truth' }, truth)
    expect(truth.outcomes).toMatchObject([{ status: 200 }])
  })

  it('refuses sockets while it is told to', () => {
    venue.startInProcess()
    venue.faults.add({ kind: 'refuse_connection' })
    expect(venue.accept({ url: '/ws/v4/', headers: {}, ip: '' }, new RecordingSocket())).toBe(503)
  })
})
