import type { Clock, Logger, Timer } from '@cex-arbitrage/common'
import type { BridgeEvents } from './bridge-events.js'
import type { MappedMarket } from './exchange-map.js'
import type { OrderObject } from './order-view.js'
import type { TickerReader } from './ticker-reader.js'

type TickerListener = (ticker: OrderObject) => void

interface Watch {
  readonly mapped: MappedMarket
  readonly listeners: Set<TickerListener>
  timer: Timer | undefined
  last: string
}

/** Polls tickers that somebody has subscribed to, one poll per connector and pair, and tells changes. */
export class TickerHub {
  private readonly watches = new Map<string, Watch>()
  private isStopped = false

  constructor(
    private readonly parts: {
      readonly clock: Clock
      readonly log: Logger
      readonly events: BridgeEvents
      readonly reader: TickerReader
      readonly intervalMs: number
    },
  ) {}

  add(mapped: MappedMarket, listener: TickerListener): void {
    const key = keyOf(mapped)
    const known = this.watches.get(key)
    const watch = known ?? { mapped, listeners: new Set(), timer: undefined, last: '' }
    watch.listeners.add(listener)
    watch.last = ''
    if (known !== undefined) return
    this.watches.set(key, watch)
    void this.look(watch)
  }

  remove(mapped: MappedMarket, listener: TickerListener): void {
    const watch = this.watches.get(keyOf(mapped))
    if (watch === undefined || !watch.listeners.delete(listener) || watch.listeners.size > 0) return
    watch.timer?.cancel()
    this.watches.delete(keyOf(mapped))
  }

  stop(): void {
    this.isStopped = true
    for (const watch of this.watches.values()) watch.timer?.cancel()
  }

  private async look(watch: Watch): Promise<void> {
    const { clock, events, intervalMs, log, reader } = this.parts
    const part = `ticker of ${watch.mapped.pair}`
    try {
      const ticker = await reader.fetchTicker(watch.mapped)
      events.restored(part)
      const { timestamp: _, ...prices } = ticker
      const text = JSON.stringify(prices)
      if (text !== watch.last) for (const listener of watch.listeners) listener(ticker)
      watch.last = text
    } catch (cause) {
      log.warn({ cause, pair: watch.mapped.pair }, 'a ticker could not be read')
      events.lost(part, cause instanceof Error ? cause.message : 'no answer')
    }
    if (!this.isStopped && this.watches.get(keyOf(watch.mapped)) === watch)
      watch.timer = clock.setTimer(() => void this.look(watch), intervalMs)
  }
}

const keyOf = ({ place, pair }: MappedMarket): string => `${place.connectorName} ${pair}`
