import { EventEmitter } from 'node:events'
import type { Clock } from '@cex-arbitrage/common'
import {
  RehearsalTransport,
  type ClientSocket,
  type ClientSocketEvents,
  type CreateSocket,
  type RehearsalAnswer,
} from '@cex-arbitrage/networking'
import type { ExchangeNetwork } from '../factory/exchange-context.js'

/** The network of a rehearsal: requests are answered within the process, streams stay closed. */
export class RehearsalNetwork implements ExchangeNetwork {
  readonly createSocket: CreateSocket = () => new ClosedSocket()

  constructor(
    private readonly clock: Clock,
    private readonly answer: RehearsalAnswer,
  ) {}

  createTransport(origin: string): RehearsalTransport {
    return new RehearsalTransport(origin, this.clock, this.answer)
  }
}

/** A socket that never opens. */
class ClosedSocket extends EventEmitter<ClientSocketEvents> implements ClientSocket {
  receiver: ClientSocket['receiver'] = undefined
  readonly readyState = 0
  readonly bufferedAmount = 0

  send(): void {}
  ping(): void {}
  close(): void {}
  terminate(): void {}
}
