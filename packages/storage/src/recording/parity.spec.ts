import { EventEmitter } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ReplayDivergedException, VirtualClock, systemClock, type Clock } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { ExchangeNetwork } from '@cex-arbitrage/exchanges'
import {
  deliverMessage,
  type ClientSocket,
  type ClientSocketEvents,
  type HttpEvents,
  type HttpTransport,
  type MessageReceiver,
  type OutgoingHttpRequest,
} from '@cex-arbitrage/networking'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeSocket } from './outgoing.js'
import { RecordedNetwork } from './recorded-network.js'
import { RecordingNetwork } from './recording-network.js'
import { RecordingPump } from './recording-pump.js'
import { RecordingReader } from './recording-reader.js'
import { RecordingWriter } from './recording-writer.js'
import { replayRecording } from './replay-recording.js'

const origin = 'https://venue.test'

/** A socket and a server whose answers come when they like. */
class FakeSocket extends EventEmitter<ClientSocketEvents> implements ClientSocket {
  receiver: MessageReceiver | undefined
  readyState = 1
  readonly bufferedAmount = 0
  readonly sent: string[] = []
  send(data: string | Buffer): void {
    this.sent.push(data.toString())
  }
  ping(): void {
    setTimeout(() => this.emit('pong', Buffer.alloc(0)), 1)
  }
  close(code = 1000): void {
    setTimeout(() => this.emit('close', code, Buffer.from('bye')), 1)
  }
  terminate(): void {
    this.readyState = 3
  }
}

class FakeNetwork implements ExchangeNetwork {
  readonly sockets: FakeSocket[] = []
  readonly requests: OutgoingHttpRequest[] = []

  createTransport(): HttpTransport {
    return {
      spareCount: 3,
      warmUp: () => Promise.resolve(),
      dispatch: (request, _priority, events) => {
        this.requests.push(request)
        const cancellation = { abort: () => undefined }
        setTimeout(() => {
          events.onRequestStart(cancellation)
          if (request.path.startsWith('/broken')) return events.onResponseError(cancellation, new Error('cut'))
          events.onResponseStart(cancellation, 200, { 'content-type': 'text/plain', 'set-cookie': ['secret'] })
          events.onResponseData(cancellation, Buffer.from('answer'))
          events.onResponseEnd()
        }, 2)
      },
      destroy: () => Promise.resolve(),
    }
  }

  readonly createSocket = (): ClientSocket => {
    const socket = new FakeSocket()
    this.sockets.push(socket)
    setTimeout(() => socket.emit('open'), 1)
    return socket
  }
}

/** What stands for an engine: does things on events and timers, and notes when, on its clock. */
class Program {
  readonly log: string[] = []

  constructor(
    private readonly clock: Clock,
    private readonly network: ExchangeNetwork,
    private readonly path = '/time?key=hidden',
  ) {}

  start(): void {
    const transport = this.network.createTransport(origin)
    void transport.warmUp().then(() => this.note('warm'))
    this.ask(transport, this.path)
    this.ask(transport, '/broken')
    const socket = this.network.createSocket('wss://venue.test/ws?listenKey=hidden', {})
    socket.on('open', () => {
      this.note('open')
      socket.send('subscribe', { binary: false }, () => this.note('flushed'))
      socket.ping()
    })
    socket.receiver = {
      onBytes: () => undefined,
      onMessage: (frame) => {
        this.note(`${frame.isBinary ? 'binary' : 'text'} ${frame.toString()}`)
        void Promise.resolve()
          .then(() => undefined)
          .then(() => this.note('after'))
        if (frame.toString() === 'last') socket.close()
      },
    }
    socket.on('pong', () => this.note('pong'))
    socket.on('error', (error: Error) => this.note(`error ${error.message}`))
    socket.on('close', (code: number, reason: Buffer) => this.note(`close ${code} ${reason.toString()}`))
    const tick = (): void => {
      this.note('tick')
      this.clock.setTimer(tick, 3)
    }
    tick()
  }

  private ask(transport: HttpTransport, path: string): void {
    const note = (text: string): void => this.note(`${path} ${text}`)
    const events: HttpEvents = {
      onRequestStart: () => note('start'),
      onResponseStart: (_, status, headers) => note(`${status} ${JSON.stringify(headers)}`),
      onResponseData: (_, chunk) => note(chunk.toString()),
      onResponseEnd: () => note('end'),
      onResponseError: (_, error) => note(error.message),
    }
    const headers = { 'Accept-Encoding': 'gzip', token: 'hidden' }
    transport.dispatch({ origin, method: 'GET', path, headers, body: null }, 'background', events)
  }

  private note(text: string): void {
    this.log.push(`${this.clock.nowUs()} ${text}`)
  }
}

let folder: string
let path: string
let recorded: readonly string[]
let outside: FakeNetwork

/** Runs the program live and writes everything down. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parity-'))
  path = join(folder, 'frames.arbrec')
  const writer = await RecordingWriter.create({ path, maxBytes: 1e9 })
  const clock = new VirtualClock(1_000)
  const errors: unknown[] = []
  const pump = new RecordingPump({ clock, realClock: systemClock, writer, onError: (error) => errors.push(error) })
  outside = new FakeNetwork()
  const network = new RecordingNetwork(outside, pump)
  const program = new Program(clock, network)
  program.start()
  pump.start()
  await waitFor(() => program.log.some((line) => line.endsWith('pong')), 'the pong')
  const socket = outside.sockets[0]!
  // Several at once, as a socket gives them that come in one packet.
  for (const text of ['one', 'two', 'three']) {
    const data = Buffer.from(text)
    deliverMessage(socket.receiver, data, false)
    data.fill(0xff)
  }
  deliverMessage(socket.receiver, Buffer.from('last'), true)
  await waitFor(() => program.log.some((line) => line.includes('close')), 'the close')
  await new Promise<void>((resolve) => pump.post('mark', 0, Buffer.from('end'), resolve))
  recorded = [...program.log]
  pump.close()
  pump.post('mark', 0, Buffer.from('too late'), () => expect.unreachable())
  await network.close()
  await writer.close()
  expect(errors).toEqual([])
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function replay(requestPath?: string, options: { speed?: number; signal?: AbortSignal } = {}) {
  const reader = await RecordingReader.open(path)
  const clock = new VirtualClock(1_000)
  const network = new RecordedNetwork()
  const program = new Program(clock, network, requestPath)
  const marks: string[] = []
  program.start()
  try {
    await replayRecording({
      reader,
      clock,
      network,
      realClock: systemClock,
      onMark: (name) => marks.push(name),
      ...options,
    })
  } finally {
    await reader.close()
  }
  return { log: program.log, marks }
}

describe('a replay', () => {
  it('is the recorded run again: the same events and timers at the same microseconds', async () => {
    const { log, marks } = await replay()
    expect(log).toEqual(recorded)
    expect(marks).toEqual(['end'])
    expect(recorded.map((line) => line.split(' ').slice(1).join(' '))).toContain('/time?key=hidden answer')
    // Each frame is dealt with to its end before the next, also when they came together.
    const afterFrames = recorded.filter((line) => / (text|binary|after)/.test(line)).map((line) => line.split(' ')[1])
    expect(afterFrames).toEqual(['text', 'after', 'text', 'after', 'text', 'after', 'binary', 'after'])
  })

  it('can be played at a pace', async () => {
    const startMs = performance.now()
    const { log } = await replay(undefined, { speed: 0.5 })
    expect(log).toEqual(recorded)
    const lastUs = Number(recorded.at(-1)!.split(' ')[0])
    expect(performance.now() - startMs).toBeGreaterThan((lastUs / 1_000) * 1.5)
  })

  it('ends when it is told to', async () => {
    expect((await replay(undefined, { signal: AbortSignal.abort() })).marks).toEqual([])
  })

  it('stops at the first thing that is asked for otherwise, and names it', async () => {
    const error = await replay('/other').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ReplayDivergedException)
    expect(String(error)).toContain('/other')
    expect(String(error)).toContain('/time')
  })

  it('has written neither secrets nor cookies', async () => {
    const reader = await RecordingReader.open(path)
    let text = ''
    for await (const { data } of reader.read()) text += data.toString('latin1')
    await reader.close()
    expect(text).toContain('answer')
    expect(text).not.toMatch(/hidden|secret/)
    expect(outside.requests[0]!.headers).toEqual({ token: 'hidden' })
  })
})

describe('a recorded network', () => {
  it('refuses events of channels that were never made', () => {
    const event = { atUs: 0, kind: 'socket_open', channel: 9, data: Buffer.alloc(0) } as const
    expect(() => new RecordedNetwork().accept(event)).toThrow('channel 9')
  })

  it('refuses an event while the engine has done more than then', () => {
    const network = new RecordedNetwork()
    network.createSocket('wss://venue.test')
    const event = { atUs: 0, kind: 'socket_open', channel: 1, data: Buffer.alloc(0) } as const
    expect(() => network.accept(event)).toThrow('had nothing')
  })

  it('brings the failure of a warm-up and the refusal of a handshake', async () => {
    const network = new RecordedNetwork()
    const failed = network
      .createTransport()
      .warmUp()
      .catch((error: Error) => error.message)
    network.accept({ atUs: 0, kind: 'http_cold', channel: 1, data: Buffer.from('no route') })
    expect(await failed).toBe('no route')
    const socket = network.createSocket('wss://venue.test')
    network.accept({ atUs: 0, kind: 'sent_socket', channel: 2, data: describeSocket('wss://venue.test') })
    const refused = new Promise((resolve) => socket.once('refused', resolve))
    network.accept({ atUs: 0, kind: 'socket_refused', channel: 2, data: Buffer.from('{"statusCode":403}') })
    expect(await refused).toEqual({ statusCode: 403 })
    network.accept({ atUs: 0, kind: 'socket_error', channel: 2, data: Buffer.from('nobody listens') })
    expect(() => network.accept({ atUs: 0, kind: 'http_end', channel: 2, data: Buffer.alloc(0) })).toThrow(
      'no event of',
    )
  })
})
