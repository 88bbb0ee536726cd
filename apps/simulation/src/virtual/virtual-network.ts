import type { Clock } from '@cex-arbitrage/common'
import type { ExchangeNetwork } from '@cex-arbitrage/exchanges'
import type { VenueHost } from '@cex-arbitrage/simulator'
import { VirtualClientSocket } from './virtual-socket.js'
import { VirtualTransport } from './virtual-transport.js'
import { Wire } from './wire.js'

export interface VirtualNetworkOptions {
  readonly clock: Clock
  /** By the host of their addresses. */
  readonly venues: ReadonlyMap<string, VenueHost>
  readonly oneWayMs: number
  /** Whether the process that uses this network is gone. */
  readonly isDead: () => boolean
}

/** The network as one process sees it: every venue within reach, none of it real. */
export class VirtualNetwork implements ExchangeNetwork {
  private readonly wire: Wire
  private readonly sockets = new Set<VirtualClientSocket>()

  constructor(private readonly options: VirtualNetworkOptions) {
    this.wire = new Wire(options.clock, options.oneWayMs, options.isDead)
  }

  createTransport(origin: string): VirtualTransport {
    return new VirtualTransport(this.venueAt(new URL(origin)), this.wire)
  }

  readonly createSocket = (url: string, headers: Readonly<Record<string, string>>): VirtualClientSocket => {
    const target = new URL(url)
    const socket = new VirtualClientSocket(this.venueAt(target), target, headers, this.wire)
    this.sockets.add(socket)
    return socket
  }

  /** The process ends: its sockets close, requests on their way arrive all the same. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate()
    this.sockets.clear()
  }

  private venueAt({ host }: URL): VenueHost {
    const venue = this.options.venues.get(host)
    if (venue === undefined) throw new Error(`There is no venue at ${host}.`)
    return venue
  }
}
