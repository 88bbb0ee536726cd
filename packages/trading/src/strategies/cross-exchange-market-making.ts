import { usPerMs, type Clock, type CorrelationId, type ExchangeId, type IdSource } from '@cex-arbitrage/common'
import type { MarketBoard } from '../market-data/market-board.js'
import { midPrice } from '../market-data/mid-price.js'
import { pairDistrust } from '../market-data/quotability.js'
import type { WhyNot } from '../risk/why-not.js'
import { sizeQuote } from '../sizing/size-quote.js'
import type { AccountView } from '../types/account-view.js'
import type { TradeOutcome } from '../types/trade-outcome.js'
import type { TradePlan } from '../types/trade-plan.js'
import { createQuotePlan } from './cross-exchange-market-making-plan.js'
import type { CrossExchangeMarketMakingOptions } from './cross-exchange-market-making-options.js'
import { requiredEdgeBps } from './edge-margin.js'
import { QuotingSide } from './quoting-side.js'
import type { Strategy, Verdict } from './strategy.js'

export interface CrossExchangeMarketMakingDependencies {
  readonly board: MarketBoard
  readonly account: AccountView
  readonly clock: Clock
  readonly ids: IdSource
  readonly options: CrossExchangeMarketMakingOptions
  /** Where it quotes, and where it hedges what fills. */
  readonly makerExchange: ExchangeId
  readonly hedgeExchange: ExchangeId
  /** Slots it trades; all spot instruments of both exchanges by default. */
  readonly slots?: readonly number[]
}

/**
 * Quotes both sides of a symbol on one exchange, each at the price at which hedging it on the other by depth still pays
 * fees and spread. Each quote is a trade of its own that ends when it is filled and hedged, or pulled because the hedge's
 * price has moved; the next one follows no sooner than the least interval.
 */
export class CrossExchangeMarketMakingStrategy implements Strategy {
  readonly name: string
  readonly slots: readonly number[]
  readonly quotes = true
  /** Both sides of what a slot belongs to; undefined for slots that it does not see. */
  private readonly sidesAt: (readonly QuotingSide[] | undefined)[] = []

  constructor(private readonly deps: CrossExchangeMarketMakingDependencies) {
    const { board, options, makerExchange, hedgeExchange } = deps
    this.name = options.name ?? 'cross-exchange-market-making'
    const spot = (deps.slots ?? board.instruments.map((_, slot) => slot)).filter(
      (slot) => board.instruments[slot]!.marketType === 'spot',
    )
    for (const slot of spot) {
      const maker = board.instruments[slot]!
      if (maker.exchange !== makerExchange) continue
      const hedgeSlot = spot.find((other) => {
        const { symbol, exchange } = board.instruments[other]!
        return symbol === maker.symbol && exchange === hedgeExchange
      })
      if (hedgeSlot === undefined) continue
      const hedge = board.instruments[hedgeSlot]!
      const sides = [new QuotingSide('buy', maker, hedge), new QuotingSide('sell', maker, hedge)]
      this.sidesAt[slot] = sides
      this.sidesAt[hedgeSlot] = sides
    }
    this.slots = spot.filter((slot) => this.sidesAt[slot] !== undefined)
  }

  evaluate(slot: number): Verdict {
    const nowUs = this.deps.clock.nowUs()
    let first: WhyNot | undefined
    for (const side of this.sidesAt[slot] ?? []) {
      const verdict = this.judge(side, nowUs)
      if (typeof verdict !== 'string') return verdict
      first ??= verdict
    }
    return first ?? 'no_edge'
  }

  onStarted({ correlationId, legs: [{ instrument, side }] }: TradePlan): void {
    const slot = this.deps.board.slotOf(instrument.id)
    const quoting = slot === undefined ? undefined : this.sidesAt[slot]?.find((known) => known.side === side)
    if (quoting !== undefined) quoting.open = correlationId
  }

  onEnded({ correlationId }: TradePlan): void {
    const side = this.find(correlationId)
    if (side !== undefined) side.open = undefined
  }

  onOutcome({ correlationId, end }: TradeOutcome): void {
    const { options, clock } = this.deps
    const restMs = end === 'completed' ? options.coolDownMs : end === 'pulled' ? 0 : options.failureCoolDownMs
    this.find(correlationId)?.rest(clock.nowUs() + restMs * usPerMs)
  }

  private find(correlationId: CorrelationId): QuotingSide | undefined {
    for (const sides of this.sidesAt) for (const side of sides ?? []) if (side.open === correlationId) return side
    return undefined
  }

  /** Asks no sooner again than the least interval, whatever the answer. */
  private judge(side: QuotingSide, nowUs: number): Verdict {
    if (side.open !== undefined) return 'symbol_busy'
    if (nowUs < side.restsUntilUs) return 'cool_down'
    side.rest(nowUs + this.deps.options.requoteMinIntervalMs * usPerMs)
    return this.quote(side, nowUs)
  }

  private quote(side: QuotingSide, nowUs: number): Verdict {
    const { board, account, options, ids } = this.deps
    const { buy, sell } = side.terms
    const buyBook = board.bookOf(buy.id)
    const sellBook = board.bookOf(sell.id)
    if (buyBook === undefined || sellBook === undefined) return 'untrusted_book'
    const distrust = pairDistrust(buyBook, sellBook, nowUs, options)
    if (distrust !== undefined) return distrust
    if (this.isOneSided(side)) return 'position'
    const quoteAgeUs = nowUs - Math.min(buyBook.receivedAtUs, sellBook.receivedAtUs)
    const sized = sizeQuote({
      side: side.side,
      terms: side.terms,
      buyBook,
      sellBook,
      funds: {
        buyQuote: account.available(buy.exchange, buy.quote),
        sellBase: account.available(sell.exchange, sell.base),
        sellQuote: account.available(sell.exchange, sell.quote),
      },
      limits: options,
      maxResidualNotional: options.maxResidualNotional,
      requiredEdgeBps: Math.max(options.spreadBps, requiredEdgeBps(options, quoteAgeUs)),
    })
    if (typeof sized === 'string') return sized
    return createQuotePlan({
      strategy: this.name,
      correlationId: ids.nextCorrelationId(),
      side,
      sized,
      keeping: {
        toleranceBps: options.requoteThresholdBps,
        minRestMs: options.requoteMinIntervalMs,
        maxRestMs: options.quoteLifetimeMs,
      },
      quoteAgeUs,
      decidedAtUs: nowUs,
    })
  }

  /** What small fills have left adds up; beyond the bound only the side is quoted that brings it back. */
  private isOneSided({ side, hedgedAt }: QuotingSide): boolean {
    const { account, board, options } = this.deps
    const net = account.netPosition(hedgedAt.base)
    if (net.sign === 0 || net.sign > 0 !== (side === 'buy')) return false
    return net
      .abs()
      .times(midPrice(board.bookOf(hedgedAt.id)!))
      .greaterThan(options.maxResidualNotional)
  }
}
