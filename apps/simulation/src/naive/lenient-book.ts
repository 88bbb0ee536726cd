import type { Clock } from '@cex-arbitrage/common'
import type { ClientSocket } from '@cex-arbitrage/networking'
import type { VirtualNetwork } from '../virtual/virtual-network.js'

const reopenMs = 500

interface BookFrame {
  readonly channel?: string
  readonly event?: string
  readonly result?: {
    readonly full?: boolean
    readonly u?: number
    readonly b?: readonly (readonly [string, string])[]
    readonly a?: readonly (readonly [string, string])[]
  }
}

/** A Gate.io book after the rule "any newer change is good": it never asks whether one is missing in between. */
export class LenientBook {
  private readonly bids = new Map<string, string>()
  private readonly asks = new Map<string, string>()
  private last = 0
  private socket: ClientSocket | undefined

  constructor(
    private readonly url: string,
    private readonly network: VirtualNetwork,
    private readonly clock: Clock,
  ) {}

  open(): void {
    const socket = this.network.createSocket(this.url, {})
    this.socket = socket
    socket.on('open', () => {
      const time = Math.floor(this.clock.nowMs() / 1000)
      const request = { time, channel: 'spot.obu', event: 'subscribe', payload: ['ob.BTC_USDT.50'] }
      socket.send(JSON.stringify(request), { binary: false }, () => undefined)
    })
    socket.receiver = { onBytes: () => undefined, onMessage: (frame) => this.onMessage(frame.toString()) }
    const reopen = (): void => void this.clock.setTimer(() => this.open(), reopenMs)
    socket.on('close', reopen)
    socket.on('refused', reopen)
  }

  /** Best bid and ask; `undefined` while a side is empty. */
  get top(): { readonly bid: number; readonly ask: number } | undefined {
    if (this.bids.size === 0 || this.asks.size === 0) return undefined
    return { bid: Math.max(...numbers(this.bids)), ask: Math.min(...numbers(this.asks)) }
  }

  close(): void {
    this.socket?.removeAllListeners()
    this.socket?.terminate()
  }

  private onMessage(text: string): void {
    let frame: BookFrame
    try {
      frame = JSON.parse(text) as BookFrame
    } catch {
      return
    }
    const { result } = frame
    if (frame.channel !== 'spot.obu' || frame.event !== 'update' || result?.u === undefined) return
    if (result.full === true) {
      this.bids.clear()
      this.asks.clear()
    } else if (result.u <= this.last) return
    this.last = result.u
    apply(this.bids, result.b)
    apply(this.asks, result.a)
  }
}

const numbers = (side: ReadonlyMap<string, string>): number[] => [...side.keys()].map(Number)

function apply(side: Map<string, string>, changes: readonly (readonly [string, string])[] = []): void {
  for (const [price, quantity] of changes)
    if (Number(quantity) === 0) side.delete(price)
    else side.set(price, quantity)
}
