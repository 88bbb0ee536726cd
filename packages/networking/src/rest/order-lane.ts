import type { Clock, Timer } from '@cex-arbitrage/common'
import type { HttpEvents, OutgoingHttpRequest } from './http-transport.js'
import { LaneSocket, type LaneSocketOwner } from './lane-socket.js'
import type { LaneStream } from './lane-stream.js'
import { encodeRequest, type RequestText } from './request-text.js'
import type { RequestLane } from './request-lane.js'

export interface OrderLaneOptions {
  /** Host with port, as in the `host` header. */
  readonly host: string
  /** Connections at once. */
  readonly connections: number
  /** Milliseconds after which an unused connection is used no more. */
  readonly keepAliveMs: number
  readonly clock: Clock
  /** A connected socket from stock; `undefined` when there is none. */
  readonly takeSpare: () => LaneStream | undefined
  readonly connect: (callback: (error: Error | null, socket: LaneStream | null) => void) => void
}

interface Waiting {
  readonly request: RequestText
  readonly events: HttpEvents
}

/** A socket that waits for a request, until its time is over. */
interface IdleSocket {
  readonly socket: LaneSocket
  readonly expiry: Timer
}

/**
 * The way of orders onto the wire: the bytes of a request go into a connected socket before `dispatch` returns, in one
 * write. One request is on its way per connection, so that no order waits behind another's answer.
 */
export class OrderLane implements RequestLane, LaneSocketOwner {
  /** The one used last at the end: it is the warmest. */
  private readonly idle: IdleSocket[] = []
  private readonly sockets = new Set<LaneSocket>()
  private readonly waiting: Waiting[] = []
  private connecting = 0
  private isClosed = false

  constructor(private readonly options: OrderLaneOptions) {}

  dispatch(request: OutgoingHttpRequest, events: HttpEvents): void {
    if (this.isClosed) return events.onResponseError(nothingToAbort, new Error('The lane is closed.'))
    let encoded: RequestText
    try {
      encoded = encodeRequest(request, this.options.host)
    } catch (error) {
      return events.onResponseError(nothingToAbort, error as Error)
    }
    const idle = this.takeIdle()
    if (idle !== undefined) {
      idle.socket.send(encoded, events)
      idle.expiry.cancel()
      return
    }
    const spare = this.takeSpare()
    if (spare !== undefined) return spare.send(encoded, events)
    this.waiting.push({ request: encoded, events })
    this.connectForWaiting()
  }

  destroy(): Promise<void> {
    this.isClosed = true
    for (const { expiry } of this.idle.splice(0)) expiry.cancel()
    for (const socket of this.sockets) socket.destroy()
    this.refuseWaiting(new Error('The lane is closed.'))
    return Promise.resolve()
  }

  onFree(socket: LaneSocket, idleMs: number): void {
    const next = this.waiting.shift()
    if (next !== undefined) return socket.send(next.request, next.events)
    const expiry = this.options.clock.setTimer(() => socket.destroy(), idleMs)
    this.idle.push({ socket, expiry })
  }

  onGone(socket: LaneSocket): void {
    this.sockets.delete(socket)
    const index = this.idle.findIndex((entry) => entry.socket === socket)
    if (index >= 0) this.idle.splice(index, 1)[0]!.expiry.cancel()
    if (!this.isClosed) this.connectForWaiting()
  }

  private takeIdle(): IdleSocket | undefined {
    for (let entry = this.idle.pop(); entry !== undefined; entry = this.idle.pop()) {
      if (entry.socket.isUsable) return entry
      entry.expiry.cancel()
      entry.socket.destroy()
    }
    return undefined
  }

  private takeSpare(): LaneSocket | undefined {
    if (this.isFull) return undefined
    const spare = this.options.takeSpare()
    return spare === undefined ? undefined : this.adopt(spare)
  }

  private get isFull(): boolean {
    return this.sockets.size + this.connecting >= this.options.connections
  }

  private connectForWaiting(): void {
    while (this.waiting.length > this.connecting && !this.isFull) {
      this.connecting++
      this.options.connect((error, socket) => {
        this.connecting--
        if (socket !== null && this.isClosed) socket.destroy()
        else if (socket !== null) this.onConnected(socket)
        else this.refuseWaiting(error ?? new Error('There is no connection.'), 1)
      })
    }
  }

  private onConnected(socket: LaneStream): void {
    const next = this.waiting.shift()
    const adopted = this.adopt(socket)
    if (next === undefined) this.onFree(adopted, this.options.keepAliveMs)
    else adopted.send(next.request, next.events)
  }

  private adopt(socket: LaneStream): LaneSocket {
    const adopted = new LaneSocket(socket, this, this.options.keepAliveMs)
    this.sockets.add(adopted)
    return adopted
  }

  /** Not a byte of these has been written. */
  private refuseWaiting(error: Error, count = this.waiting.length): void {
    for (const { events } of this.waiting.splice(0, count)) events.onResponseError(nothingToAbort, error)
  }
}

const nothingToAbort = { abort: (): void => undefined }
