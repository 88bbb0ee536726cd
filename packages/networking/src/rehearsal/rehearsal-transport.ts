import type { Clock } from '@cex-arbitrage/common'
import type { HttpEvents, HttpTransport, OutgoingHttpRequest } from '../rest/http-transport.js'
import { OrderLane } from '../rest/order-lane.js'
import type { RequestPriority } from '../rest/request-priority.js'
import { RehearsalStream, type RehearsalAnswer } from './rehearsal-stream.js'

const connections = 4
const keepAliveMs = 60_000

/**
 * The way of an order without its last step: requests are encoded and written, and answers read, by the code that does
 * it for real, into streams that lead nowhere. Nothing here can open a socket.
 */
export class RehearsalTransport implements HttpTransport {
  readonly spareCount = 0
  private readonly lane: OrderLane

  constructor(origin: string, clock: Clock, answer: RehearsalAnswer) {
    this.lane = new OrderLane({
      host: new URL(origin).host,
      connections,
      keepAliveMs,
      clock,
      takeSpare: () => new RehearsalStream(answer),
      connect: (callback) => callback(null, new RehearsalStream(answer)),
    })
  }

  warmUp(): Promise<void> {
    return Promise.resolve()
  }

  dispatch(request: OutgoingHttpRequest, _: RequestPriority, events: HttpEvents): void {
    this.lane.dispatch(request, events)
  }

  destroy(): Promise<void> {
    return this.lane.destroy()
  }
}
