import type { Clock, Decimal, Side, Timer } from '@cex-arbitrage/common'

import type { ExchangeCore } from '../matching/exchange-core.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'
import type { VenueOrder } from '../matching/venue-order.js'
import type { MarketDriver } from './market-driver.js'
import type { CapturedQuote } from './quote-capture.js'

export interface CaptureMarketOptions {
  /** 1 is recorded speed, 10 ten times faster. */
  readonly speed?: number
  /** Multiplies recorded quantities into base, for captures in contracts. */
  readonly quantityFactor?: Decimal
  /** Begins anew at the end. */
  readonly repeat?: boolean
  /** Wall time at which row 1 plays, milliseconds; two venues given the same one keep their recorded distance. */
  readonly originMs?: number
}

/** Shows the recorded best bid and ask of one symbol as house orders. Prices off the grid move away from the spread. */
export class CaptureMarket implements MarketDriver {
  private readonly shown: Partial<Record<Side, VenueOrder>> = {}
  private readonly symbol: TradingSymbol
  private readonly speed: number
  private timer: Timer | undefined
  private next = 0
  private beganMs = 0

  /** @throws RangeError when the symbol is not listed. */
  constructor(
    private readonly core: ExchangeCore,
    symbol: string,
    private readonly quotes: readonly CapturedQuote[],
    private readonly clock: Clock,
    private readonly options: CaptureMarketOptions = {},
  ) {
    this.symbol = core.engine(symbol).symbol
    this.speed = options.speed ?? 1
  }

  start(): void {
    this.next = 0
    this.beganMs = this.options.originMs ?? this.clock.nowMs()
    this.play()
  }

  stop(): void {
    this.timer?.cancel()
    this.timer = undefined
  }

  /** Shows every row that is due, then sleeps until the next one. */
  private play(): void {
    const originMs = this.quotes[0]?.timestampMs ?? 0
    const dueMs = (quote: CapturedQuote): number => this.beganMs + (quote.timestampMs - originMs) / this.speed
    const nowMs = this.clock.nowMs()
    let quote = this.quotes[this.next]
    let latest: CapturedQuote | undefined
    while (quote !== undefined && dueMs(quote) <= nowMs) {
      latest = quote
      quote = this.quotes[++this.next]
    }
    if (latest !== undefined) this.show(latest)
    if (quote !== undefined) this.timer = this.clock.setTimer(() => this.play(), Math.max(1, dueMs(quote) - nowMs))
    else if (this.options.repeat === true && this.quotes.length > 1) {
      this.next = 0
      this.beganMs = nowMs + 1
      this.timer = this.clock.setTimer(() => this.play(), 1)
    }
  }

  private show(quote: CapturedQuote): void {
    const bid = Number(quote.bidPrice.stepsOf(this.symbol.tickSize, 'down'))
    const ask = Number(quote.askPrice.stepsOf(this.symbol.tickSize, 'up'))
    for (const side of ['buy', 'sell'] as const) {
      const order = this.shown[side]
      if (order?.isOpen === true) this.core.cancel(order)
    }
    this.quote('buy', bid, quote.bidQuantity)
    this.quote('sell', ask, quote.askQuantity)
  }

  private quote(side: Side, priceTicks: number, quantity: Decimal): void {
    const base = this.options.quantityFactor === undefined ? quantity : quantity.times(this.options.quantityFactor)
    const quantityLots = Number(base.stepsOf(this.symbol.lotSize, 'down'))
    if (priceTicks <= 0 || quantityLots <= 0) return
    const order = { accountId: 'house', symbol: this.symbol.name, side, kind: 'limit', timeInForce: 'gtc' } as const
    const result = this.core.place({ ...order, priceTicks, quantityLots })
    if ('order' in result) this.shown[side] = result.order
  }
}
