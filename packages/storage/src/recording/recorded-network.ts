import { ReplayDivergedException } from '@cex-arbitrage/common'
import type { ExchangeNetwork } from '@cex-arbitrage/exchanges'
import type { ClientSocket, HttpTransport } from '@cex-arbitrage/networking'
import { BorderCall } from './border-call.js'
import { BorderSocket } from './border-socket.js'
import { describeMessage, describeRequest, describeSocket } from './outgoing.js'
import type { EventKind, RecordedEvent } from './recorded-event.js'

interface Outgoing {
  readonly kind: EventKind
  readonly channel: number
  readonly text: string
}

interface Channel {
  deliver(kind: EventKind, data: Buffer): void
}

/**
 * A network that was recorded: it brings what came then, and holds what the engine sends against what it sent then, so
 * that the first difference ends the replay and not a wrong result.
 */
export class RecordedNetwork implements ExchangeNetwork {
  private lastChannel = 0
  private readonly channels = new Map<number, Channel>()
  private readonly sent: Outgoing[] = []

  createTransport(): HttpTransport {
    const channel = ++this.lastChannel
    return {
      spareCount: 0,
      warmUp: () =>
        new Promise((resolve, reject) => {
          this.channels.set(channel, {
            deliver: (kind, data) => (kind === 'http_warm' ? resolve() : reject(new Error(data.toString()))),
          })
        }),
      dispatch: (request, _priority, events) => {
        const call = ++this.lastChannel
        this.sent.push({ kind: 'sent_request', channel: call, text: describeRequest(request).toString() })
        // An abort is answered as it was then, by the recorded error.
        this.channels.set(call, new BorderCall(events, () => undefined))
      },
      destroy: () => Promise.resolve(),
    }
  }

  readonly createSocket = (url: string): ClientSocket => {
    const channel = ++this.lastChannel
    this.sent.push({ kind: 'sent_socket', channel, text: describeSocket(url).toString() })
    const socket = new BorderSocket({
      send: (data) => void this.sent.push({ kind: 'sent_message', channel, text: describeMessage(data).toString() }),
      ping: () => undefined,
      close: () => undefined,
      terminate: () => undefined,
    })
    this.channels.set(channel, socket)
    return socket
  }

  /** Takes the next recorded event. @throws {@link ReplayDivergedException} The engine has done something else. */
  accept({ kind, channel, atUs, data }: RecordedEvent): void {
    const made = this.sent[0]
    if (kind.startsWith('sent_')) {
      const text = data.toString()
      if (made?.kind !== kind || made.channel !== channel || made.text !== text)
        throw diverged(atUs, made, `${kind} ${channel}: ${text}`)
      this.sent.shift()
      return
    }
    if (made !== undefined) throw diverged(atUs, made, 'nothing')
    const target = this.channels.get(channel)
    if (target === undefined) throw diverged(atUs, undefined, `channel ${channel}, for ${kind}`)
    target.deliver(kind, data)
    if (kind === 'http_end' || kind === 'http_error' || kind === 'socket_close') this.channels.delete(channel)
  }
}

function diverged(atUs: number, made: Outgoing | undefined, recorded: string): ReplayDivergedException {
  const did = made === undefined ? 'nothing' : `${made.kind} ${made.channel}: ${made.text}`
  return new ReplayDivergedException({
    message:
      `At ${(atUs / 1_000_000).toFixed(6)} s the recorded run had ${recorded}; the replay did ${did}. ` +
      'Replay with the version and settings of the recording.',
  })
}
