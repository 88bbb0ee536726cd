import { Decimal, type Side } from '@cex-arbitrage/common'

import type { ExchangeCore } from '../../matching/exchange-core.js'
import type { TradingSymbol } from '../../matching/trading-symbol.js'
import { pairOf } from './markets.js'

/** What a client asks for. */
export interface OrderTerms {
  readonly symbol: TradingSymbol
  readonly side: Side
  readonly kind: 'limit' | 'market'
  /** Base. */
  readonly amount: Decimal
  /** Of a limit order. */
  readonly price: Decimal | undefined
}

/** The same on the grid of the symbol. */
export interface GridTerms {
  readonly quantityLots: number
  readonly priceTicks: number | undefined
}

/** Rounds down to the exchange's steps, as a connector does, and checks its minimums; a text says what is too small. */
export function quantize(core: ExchangeCore, terms: OrderTerms): GridTerms | string {
  const { symbol, kind } = terms
  const amount = terms.amount.toMultipleOf(symbol.lotSize, 'down')
  const price = terms.price?.toMultipleOf(symbol.tickSize, 'down')
  if (amount.lessThan(symbol.minQuantity))
    return `Order amount ${amount.toString()} is below minimum order size ${symbol.minQuantity.toString()} for ${pairOf(symbol)}`
  const notional = amount.times(price ?? lastPrice(core, terms))
  if (notional.lessThan(symbol.minNotional))
    return (
      `Order notional value ${notional.toString()} is below minimum notional size ${symbol.minNotional.toString()} for ` +
      `${pairOf(symbol)}. Increase the amount or price to meet the minimum requirement.`
    )
  const quantityLots = symbol.toLots(amount)
  const priceTicks = price === undefined ? undefined : symbol.toTicks(price)
  if (quantityLots === undefined || (kind === 'limit' && priceTicks === undefined))
    return `Order amount ${amount.toString()} or its price is outside allowed range for ${pairOf(symbol)}`
  return { quantityLots, priceTicks }
}

/** What an order meets first, or the last trade; zero when nothing is known. */
function lastPrice(core: ExchangeCore, { symbol, side }: OrderTerms): Decimal {
  const best = core.engine(symbol.name).ladder(side === 'buy' ? 'sell' : 'buy').best
  const ticks = best?.priceTicks ?? core.trades(symbol.name).at(-1)?.priceTicks
  return ticks === undefined ? Decimal.zero : symbol.price(ticks)
}
