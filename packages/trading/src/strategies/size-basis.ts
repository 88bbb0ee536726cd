import { Decimal, type OrderBook } from '@cex-arbitrage/common'
import { midPrice } from '../market-data/mid-price.js'
import { sizeJointTrade } from '../sizing/size-joint-trade.js'
import type { SizedPair, SizingFunds, SizingRefusal } from '../sizing/sizing-request.js'
import { accountOf } from '../types/account-id.js'
import type { AccountView } from '../types/account-view.js'
import { notionalCarried } from '../types/order-funds.js'
import type { BasisMove } from './basis-pair.js'
import type { SpotFuturesOptions } from './spot-futures-options.js'

export interface BasisSizing {
  readonly move: BasisMove
  readonly buyBook: OrderBook
  readonly sellBook: OrderBook
  readonly account: AccountView
  readonly options: SpotFuturesOptions
  readonly requiredEdgeBps: number
}

/** The largest pair for a move: as the funds, the margin and the room for a larger position allow, or what is held of it. */
export function sizeBasis(sizing: BasisSizing): SizedPair | SizingRefusal | 'position' {
  const { move, buyBook, sellBook, options, requiredEdgeBps } = sizing
  const request = { terms: move.terms, buyBook, sellBook, requiredEdgeBps }
  if (move.holding === 'closes')
    // What is left of a position is closed however small it is.
    return sizeJointTrade({
      ...request,
      funds: fundsToClose(sizing),
      limits: { ...options, minNotional: Decimal.zero },
    })
  const room = options.maxPositionNotional.minus(heldNotional(sizing))
  if (room.lessThan(options.minNotional)) return 'position'
  const limits = { ...options, maxNotional: Decimal.min(options.maxNotional, room) }
  return sizeJointTrade({ ...request, funds: fundsToOpen(sizing), limits })
}

function heldNotional({ move, buyBook, sellBook, account }: BasisSizing): Decimal {
  const book = move.contractSign > 0 ? buyBook : sellBook
  return account.positions.baseOf(book.instrument).abs().times(midPrice(book))
}

/** On the side of the contract, the notional that its margin carries. */
function fundsToOpen({ move, sellBook, account }: BasisSizing): SizingFunds {
  const { buy, sell, unitDecimals } = move.terms
  const buyQuote = account.available(accountOf(buy), buy.quote)
  const sellQuote = account.available(accountOf(sell), sell.quote)
  if (move.contractSign > 0)
    return {
      buyQuote: notionalCarried(buy, buyQuote, account.positions.leverageOf(buy)),
      sellBase: account.available(accountOf(sell), sell.base),
      sellQuote,
    }
  const carried = notionalCarried(sell, sellQuote, account.positions.leverageOf(sell))
  const sellBase = carried.dividedBy(sell.ticksToPrice(sellBook.bids.priceTicksAt(0)), unitDecimals, 'down')
  return { buyQuote, sellBase, sellQuote: carried }
}

/** On the side of the contract, what is held of it: closing it needs no margin. */
function fundsToClose({ move, options, account }: BasisSizing): SizingFunds {
  const { buy, sell } = move.terms
  const unbound = options.maxNotional.times(Decimal.of(2))
  const held = account.positions.baseOf(move.contractSign > 0 ? buy : sell).abs()
  if (move.contractSign > 0)
    return {
      buyQuote: unbound,
      sellBase: Decimal.min(account.available(accountOf(sell), sell.base), held),
      sellQuote: account.available(accountOf(sell), sell.quote),
    }
  return { buyQuote: account.available(accountOf(buy), buy.quote), sellBase: held, sellQuote: unbound }
}
