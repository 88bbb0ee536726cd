import type { ExchangeNetwork } from '@cex-arbitrage/exchanges'
import type {
  ClientSocket,
  HttpCancellation,
  HttpTransport,
  OutgoingHttpRequest,
  HttpEvents,
  RequestPriority,
} from '@cex-arbitrage/networking'
import { BorderCall, encodeHead } from './border-call.js'
import { BorderSocket, encodeClose } from './border-socket.js'
import { describeMessage, describeRequest, describeSocket } from './outgoing.js'
import type { RecordingPump } from './recording-pump.js'
import type { EventKind } from './recorded-event.js'

const nothing = Buffer.alloc(0)

/** The network as it is, every event of it let in through the pump. */
export class RecordingNetwork implements ExchangeNetwork {
  private channels = 0
  private readonly transports: HttpTransport[] = []

  constructor(
    private readonly inner: ExchangeNetwork,
    private readonly pump: RecordingPump,
  ) {}

  createTransport(origin: string): HttpTransport {
    const channel = ++this.channels
    const { pump } = this
    const inner = this.inner.createTransport(origin)
    this.transports.push(inner)
    return {
      spareCount: 0,
      warmUp: () =>
        new Promise((resolve, reject) => {
          inner.warmUp().then(
            () => pump.post('http_warm', channel, nothing, resolve),
            (error: unknown) =>
              pump.post('http_cold', channel, Buffer.from(messageOf(error)), () => reject(new Error(messageOf(error)))),
          )
        }),
      dispatch: (request, priority, events) => this.dispatch(inner, request, priority, events),
      destroy: () => Promise.resolve(),
    }
  }

  readonly createSocket = (url: string, headers: Readonly<Record<string, string>>): ClientSocket => {
    const channel = ++this.channels
    const { pump } = this
    pump.note('sent_socket', channel, describeSocket(url))
    const real = this.inner.createSocket(url, headers)
    const socket = new BorderSocket({
      send: (data, binary) => {
        pump.note('sent_message', channel, describeMessage(data))
        if (real.readyState === 1) real.send(data, { binary }, () => undefined)
      },
      ping: () => {
        if (real.readyState === 1) real.ping()
      },
      close: (code) => real.close(code),
      terminate: () => real.terminate(),
    })
    const post = (kind: EventKind, data: Buffer): void =>
      pump.post(kind, channel, data, () => socket.deliver(kind, data))
    real.on('open', () => post('socket_open', nothing))
    real.receiver = {
      onBytes: () => undefined,
      // The pump keeps it beyond the call.
      onMessage: (frame) => post(frame.isBinary ? 'socket_binary' : 'socket_text', frame.copy()),
    }
    real.on('pong', (data) => post('socket_pong', data))
    real.on('error', (error) => post('socket_error', Buffer.from(messageOf(error))))
    real.on('close', (code, reason) => post('socket_close', encodeClose(code, reason)))
    real.on('refused', (response) => post('socket_refused', Buffer.from(JSON.stringify(response))))
    return socket
  }

  /** Ends the connections of all requests. */
  async close(): Promise<void> {
    await Promise.all(this.transports.map((transport) => transport.destroy()))
  }

  private dispatch(
    inner: HttpTransport,
    request: OutgoingHttpRequest,
    priority: RequestPriority,
    events: HttpEvents,
  ): void {
    const channel = ++this.channels
    const { pump } = this
    pump.note('sent_request', channel, describeRequest(request))
    let aborted: Error | undefined
    let running: HttpCancellation | undefined
    const call = new BorderCall(events, (reason) => {
      aborted = reason
      running?.abort(reason)
    })
    const post = (kind: EventKind, data: Buffer): void => pump.post(kind, channel, data, () => call.deliver(kind, data))
    inner.dispatch({ ...request, headers: withoutCompression(request.headers) }, priority, {
      onRequestStart: (cancellation) => {
        running = cancellation
        if (aborted === undefined) post('http_start', nothing)
        else cancellation.abort(aborted)
      },
      onResponseStart: (_, status, headers) => post('http_head', encodeHead(status, headers)),
      onResponseData: (_, chunk) => post('http_data', Buffer.from(chunk)),
      onResponseEnd: () => post('http_end', nothing),
      onResponseError: (_, error) => post('http_error', Buffer.from(messageOf(error))),
    })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Unpacking an answer takes a thread and a time that no recording knows, so answers are to come as they are. */
const withoutCompression = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'accept-encoding'))
