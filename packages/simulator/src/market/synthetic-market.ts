import type { Clock, Timer } from '@cex-arbitrage/common'

import type { ExchangeCore } from '../matching/exchange-core.js'
import type { TradingSymbol } from '../matching/trading-symbol.js'
import { hashText, hashUnit } from './hash-noise.js'
import type { MarketDriver } from './market-driver.js'
import { defaultLadder, type LadderOptions, QuotingBot, stepRandom } from './quoting-bot.js'
import type { FairPrices } from './fair-prices.js'

export interface SyntheticMarketOptions {
  readonly ladder?: Partial<LadderOptions>
  /** Public trades per second and symbol in quiet times; 1.5 when absent. */
  readonly tradesPerSecond?: number
  /** How many times more trades there are in a burst; 8 when absent. */
  readonly burstFactor?: number
}

const burstSlotMs = 4_000
const burstProbability = 0.12

/** Bots that quote every symbol around the reference price and trade with each other. */
export class SyntheticMarket implements MarketDriver {
  private readonly bots: { readonly symbol: TradingSymbol; readonly bot: QuotingBot }[]
  private readonly tradesPerSecond: number
  private readonly burstFactor: number
  private timer: Timer | undefined

  constructor(
    private readonly exchange: string,
    private readonly core: ExchangeCore,
    private readonly reference: FairPrices,
    private readonly clock: Clock,
    private readonly seed: number,
    options: SyntheticMarketOptions = {},
  ) {
    const ladder = { ...defaultLadder, ...options.ladder }
    this.tradesPerSecond = options.tradesPerSecond ?? 1.5
    this.burstFactor = options.burstFactor ?? 8
    this.bots = [...core.symbols.values()].map((symbol) => {
      // Notionals are meant in dollars; a level of `ETH/BTC` is worth as much as one of `ETH/USDT`.
      const quoteWorth = core.symbols.get(`${symbol.quote}/USDT`)?.referencePrice ?? 1
      return { symbol, bot: new QuotingBot(core, symbol, { ...ladder, topNotional: ladder.topNotional / quoteWorth }) }
    })
  }

  start(): void {
    this.step()
  }

  stop(): void {
    this.timer?.cancel()
    this.timer = undefined
  }

  private step(): void {
    const nowMs = this.clock.nowMs()
    const { stepMs } = this.reference
    for (const { symbol, bot } of this.bots) {
      const random = stepRandom(this.seed, `${this.exchange}:${symbol.name}`, Math.floor(nowMs / stepMs))
      const fair = this.reference.venuePriceAt(this.exchange, symbol.name, symbol.referencePrice, nowMs)
      bot.requote(fair, random)
      if (random.next() < (this.tradeRate(symbol.name, nowMs) * stepMs) / 1000)
        this.trade(symbol, random.next() < 0.5 ? 'buy' : 'sell', 0.02 + 0.6 * random.next())
    }
    this.timer = this.clock.setTimer(() => this.step(), stepMs - (nowMs % stepMs))
  }

  private tradeRate(symbol: string, nowMs: number): number {
    const burst =
      hashUnit(this.seed, hashText(this.exchange + symbol), Math.floor(nowMs / burstSlotMs)) < burstProbability
    return this.tradesPerSecond * (burst ? this.burstFactor : 1)
  }

  /** A house order takes a part of the best level. */
  private trade(symbol: TradingSymbol, side: 'buy' | 'sell', part: number): void {
    const best = this.core.engine(symbol.name).ladder(side === 'buy' ? 'sell' : 'buy').best
    if (best === undefined) return
    const quantityLots = Math.max(1, Math.round(best.totalLots * part))
    const { priceTicks } = best
    const order = { accountId: 'house', symbol: symbol.name, side, kind: 'limit', timeInForce: 'ioc' } as const
    this.core.place({ ...order, priceTicks, quantityLots })
  }
}
