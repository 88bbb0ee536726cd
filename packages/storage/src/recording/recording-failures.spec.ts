import { mkdtemp, rm } from 'node:fs/promises'
import { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock, systemClock } from '@cex-arbitrage/common'
import type { ClientSocketEvents } from '@cex-arbitrage/networking'
import { waitFor } from '@cex-arbitrage/common/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BorderCall } from './border-call.js'
import { BorderSocket } from './border-socket.js'
import { decodeEvents } from './event-codec.js'
import { RecordingNetwork } from './recording-network.js'
import { RecordingPump } from './recording-pump.js'
import { RecordingWriter } from './recording-writer.js'

let folder: string
let writer: RecordingWriter
let pump: RecordingPump
const errors: Error[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-failures-'))
  writer = await RecordingWriter.create({ path: join(folder, 'frames'), maxBytes: 1e9 })
  const clock = new VirtualClock()
  pump = new RecordingPump({ clock, realClock: systemClock, writer, onError: (error) => errors.push(error) })
  errors.length = 0
})
afterEach(async () => {
  pump.close()
  await writer.close()
  await rm(folder, { recursive: true, force: true })
})

describe('what goes wrong while recording', () => {
  it('is told when the engine throws, and the next event still comes', async () => {
    let came = false
    pump.post('mark', 0, Buffer.alloc(0), () => {
      throw new Error('a listener failed')
    })
    pump.post('mark', 0, Buffer.alloc(0), () => {
      came = true
    })
    await waitFor(() => came, 'the second event')
    expect(errors.map(({ message }) => message).join()).toContain('a listener failed')
  })

  it('brings failed warm-ups, refused handshakes and aborted requests to the engine', async () => {
    const seen: string[] = []
    const real = Object.assign(new EventEmitter<ClientSocketEvents>(), {
      receiver: undefined,
      readyState: 0,
      bufferedAmount: 0,
      send: () => void seen.push('sent'),
      ping: () => void seen.push('pinged'),
      close: (code?: number) => void seen.push(`closed ${code}`),
      terminate: () => void seen.push('cut'),
    })
    const network = new RecordingNetwork(
      {
        createTransport: () => ({
          spareCount: 0,
          warmUp: () => Promise.reject(new Error('no route')),
          dispatch: (_request, _priority, events) =>
            void setTimeout(
              () => events.onRequestStart({ abort: (reason) => seen.push(`aborted ${reason.message}`) }),
              1,
            ),
          destroy: () => Promise.resolve(),
        }),
        createSocket: () => real,
      },
      pump,
    )
    const transport = network.createTransport('https://venue.test')
    expect(transport.spareCount).toBe(0)
    await expect(transport.warmUp()).rejects.toThrow('no route')
    const socket = network.createSocket('wss://venue.test', {})
    // What is sent before the handshake is noted, and goes nowhere.
    socket.send('early', { binary: false }, () => undefined)
    socket.ping()
    socket.on('refused', ({ statusCode }) => void seen.push(`refused ${statusCode}`))
    real.emit('refused', { statusCode: 503, headers: {} })
    await waitFor(() => seen.includes('refused 503'), 'the refusal')
    socket.terminate()
    socket.terminate()
    socket.close()
    expect(seen).toEqual(['refused 503', 'cut'])
    const nothing = (): void => undefined
    const events = {
      onRequestStart: (cancellation: { abort(reason: Error): void }) => cancellation.abort(new Error('late')),
      onResponseStart: nothing,
      onResponseData: nothing,
      onResponseEnd: nothing,
      onResponseError: nothing,
    }
    const request = { origin: 'https://venue.test', method: 'GET', path: '/', headers: {}, body: null } as const
    transport.dispatch(request, 'background', events)
    await waitFor(() => seen.includes('aborted late'), 'the abort')
    await transport.destroy()
    await network.close()
  })
})

describe('the border', () => {
  it('refuses events that are not of its kind', () => {
    const nothing = (): void => undefined
    const outside = { send: nothing, ping: nothing, close: nothing, terminate: nothing }
    expect(() => new BorderSocket(outside).deliver('http_end', Buffer.alloc(0))).toThrow('no event of a socket')
    const events = {
      onRequestStart: nothing,
      onResponseStart: nothing,
      onResponseData: nothing,
      onResponseEnd: nothing,
      onResponseError: nothing,
    }
    expect(() => new BorderCall(events, nothing).deliver('socket_open', Buffer.alloc(0))).toThrow('of a request')
  })

  it('closes once, and tells a close without a code as such', () => {
    const closes: number[] = []
    const nothing = (): void => undefined
    const socket = new BorderSocket({
      send: nothing,
      ping: nothing,
      terminate: nothing,
      close: (code) => closes.push(code),
    })
    socket.close()
    socket.close(4_000)
    expect(closes).toEqual([1_000])
    let code: number | undefined
    socket.on('close', (with_: number) => {
      code = with_
    })
    socket.deliver('socket_close', Buffer.alloc(0))
    expect(code).toBe(1_005)
  })
})

describe('events of a block', () => {
  it('are refused when the bytes are damaged', () => {
    for (const bytes of [
      [200, 0, 0, 0],
      [0, 0x80],
      [0, 0, 0, 9, 1],
    ])
      expect(() => [...decodeEvents(Buffer.from(bytes), 0)]).toThrow('is damaged at byte')
  })
})
