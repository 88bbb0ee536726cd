import type { Clock, Timer } from '@cex-arbitrage/common'

import { IntervalFlush } from '../../../server/interval-flush.js'
import type { FrameInfo, StreamSession } from '../../../server/stream-session.js'
import { wireJson } from '../../../server/wire-json.js'
import type { PerpetualMarket } from '../../../perpetuals/perpetual-market.js'
import type { TradingSymbol } from '../../../matching/trading-symbol.js'
import type { VenueHost } from '../../../venue/venue-host.js'
import { viewAsset, viewFuturesDeal, viewFuturesOrder, viewFuturesPosition } from './account-view.js'
import { contractIdOf, viewDepthRows, viewFuturesTicker } from './contracts.js'
import { depthIntervalMs, type DepthDiffs } from './depth-diffs.js'
import { FuturesSession } from './futures-session.js'

const tickerIntervalMs = 1_000
const tickersIntervalMs = 2_000
const rateIntervalMs = 15_000
const priceIntervalMs = 1_000

export interface FuturesStreamsParts {
  readonly host: VenueHost
  readonly market: PerpetualMarket
  readonly diffs: DepthDiffs
}

/** The WebSocket side of perpetuals: who hears what. */
export class FuturesStreams {
  private readonly sessions = new Set<FuturesSession>()
  private readonly timers: Timer[] = []

  constructor(private readonly parts: FuturesStreamsParts) {
    this.listen()
  }

  open(session: StreamSession): void {
    this.parts.market.wake()
    if (this.timers.length === 0) this.beginTicking()
    const opened = new FuturesSession({ session, ...this.parts })
    this.sessions.add(opened)
    session.onClose(() => this.sessions.delete(opened))
  }

  /** Ends every login that a rule names. */
  expireLogins(rule: Parameters<StreamSession['matches']>[0]): void {
    for (const session of this.sessions) session.expire(rule)
  }

  private listen(): void {
    const { diffs, market } = this.parts
    diffs.onDiff((symbol, { asks, begin, bids, end }) => {
      this.push(symbol, 'depth', { asks, bids, end, begin, version: end })
    })
    const full = new Map(
      [...market.core.symbols.values()].map((symbol) => [
        symbol.name,
        new IntervalFlush(market.clock, depthIntervalMs, () => this.pushFullDepth(symbol)),
      ]),
    )
    market.core.listen({
      onBookChange: ({ symbol }) => full.get(symbol)!.touch(),
      onTrade: ({ atMs, lots, priceTicks, side, symbol: name }) => {
        const symbol = market.core.symbols.get(name)!
        const deal = { p: symbol.price(priceTicks).toNumber(), v: lots, T: side === 'buy' ? 1 : 2, O: 3, M: 2, t: atMs }
        this.push(symbol, 'deal', [deal])
      },
      onOrder: (order) => {
        this.tell(order.accountId, 'order', order.symbol, () => viewFuturesOrder(market, order))
        this.tellAsset(order.accountId, order.symbol.quote)
      },
      onFill: (fill, order) =>
        this.tell(fill.accountId, 'order.deal', order.symbol, () => viewFuturesDeal(market, fill, order)),
    })
    market.listen({
      onPosition: (position) =>
        this.tell(position.accountId, 'position', position.symbol, () => viewFuturesPosition(market, position)),
      onWallet: ({ accountId, asset }) => this.tellAsset(accountId, asset),
    })
  }

  private beginTicking(): void {
    const { clock } = this.parts.market
    this.every(clock, tickerIntervalMs, (symbol) =>
      this.push(symbol, 'ticker', () => viewFuturesTicker(this.parts.market, symbol)),
    )
    this.every(clock, priceIntervalMs, (symbol) => {
      const { prices } = this.parts.market
      const id = contractIdOf(symbol)
      this.push(symbol, 'index.price', () => ({ symbol: id, price: prices.indexPrice(symbol).toNumber() }))
      this.push(symbol, 'fair.price', () => ({ symbol: id, price: prices.markPrice(symbol).toNumber() }))
    })
    this.every(clock, rateIntervalMs, (symbol) =>
      this.push(symbol, 'funding.rate', () => ({
        symbol: contractIdOf(symbol),
        rate: this.parts.market.funding.rate(symbol).toNumber(),
        nextSettleTime: this.parts.market.funding.nextAtMs,
      })),
    )
    this.repeat(clock, tickersIntervalMs, () => {
      const symbols = [...this.parts.market.core.symbols.values()]
      const hearing = [...this.sessions].filter((session) => session.hears('tickers', undefined))
      if (hearing.length === 0) return
      const data = symbols.map((symbol) => viewFuturesTicker(this.parts.market, symbol))
      const frame = JSON.stringify({ channel: 'push.tickers', data, ts: clock.nowMs() })
      for (const session of hearing) session.send(frame, { channel: 'push.tickers', scope: 'public' })
    })
  }

  private every(clock: Clock, intervalMs: number, act: (symbol: TradingSymbol) => void): void {
    this.repeat(clock, intervalMs, () => {
      for (const symbol of this.parts.market.core.symbols.values()) act(symbol)
    })
  }

  private repeat(clock: Clock, intervalMs: number, act: () => void): void {
    const again = (): void => {
      act()
      this.timers.push(clock.setTimer(again, intervalMs))
      this.timers.shift()
    }
    this.timers.push(clock.setTimer(again, intervalMs))
  }

  private pushFullDepth(symbol: TradingSymbol): void {
    const { market } = this.parts
    for (const session of this.sessions) {
      const limit = session.depthLimit(symbol)
      if (limit === undefined) continue
      const data = {
        asks: viewDepthRows(market, symbol, 'sell', limit),
        bids: viewDepthRows(market, symbol, 'buy', limit),
        version: market.core.engine(symbol.name).sequence,
        cts: market.core.bookChangedAtMs(symbol.name),
      }
      session.send(this.frame(symbol, 'depth.full', data), this.info('depth.full', symbol))
    }
  }

  private push(symbol: TradingSymbol, name: string, data: unknown): void {
    const hearing = [...this.sessions].filter((session) => session.hears(name, symbol))
    if (hearing.length === 0) return
    const frame = this.frame(symbol, name, typeof data === 'function' ? (data as () => unknown)() : data)
    for (const session of hearing) session.send(frame, this.info(name, symbol))
  }

  private frame(symbol: TradingSymbol, name: string, data: unknown): string {
    const ts = this.parts.market.clock.nowMs()
    return JSON.stringify({ symbol: contractIdOf(symbol), data, channel: `push.${name}`, ts })
  }

  private info(name: string, symbol: TradingSymbol): FrameInfo {
    return { channel: `push.${name}`, scope: 'public', symbol: symbol.name }
  }

  private tellAsset(accountId: string, asset: string): void {
    const { market } = this.parts
    this.tell(accountId, 'asset', undefined, () => viewAsset(market, market.account(accountId), asset))
  }

  private tell(accountId: string, name: string, symbol: TradingSymbol | undefined, data: () => unknown): void {
    const hearing = [...this.sessions].filter((session) => session.hearsPersonal(accountId, name))
    if (hearing.length === 0) return
    const channel = `push.personal.${name}`
    const frame = wireJson({ channel, data: data(), ts: this.parts.market.clock.nowMs() })
    for (const session of hearing)
      session.send(frame, { channel, scope: 'private', ...(symbol && { symbol: symbol.name }) })
  }
}
