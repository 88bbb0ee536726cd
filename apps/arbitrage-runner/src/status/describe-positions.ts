import { bpsPerUnit, type Instrument, type OrderBook } from '@cex-arbitrage/common'
import type { MarketBoard, TradingVenue } from '@cex-arbitrage/trading'
import type { DependencyContainer } from 'tsyringe'
import { tokens } from '../composition/tokens.js'
import type { PositionStatus } from './status-snapshot.js'

/** Basis is shown to a hundredth of a basis point. */
const shownParts = 100

/** Positions held in perpetual contracts, with what they pay and how much of their margin is left. */
export function describePositions(venues: readonly TradingVenue[], container: DependencyContainer): PositionStatus[] {
  const { positions } = container.resolve(tokens.portfolio)
  const { board, margins } = container.resolve(tokens.core)
  const contracts = venues.flatMap(({ instruments }) =>
    instruments.filter(({ marketType }) => marketType === 'futures'),
  )
  return positions.held(contracts).map(({ instrument, base, contracts: held, entryPrice, funding }) => ({
    instrument: instrument.id,
    base: base.toString(),
    contracts: held.toString(),
    entryPrice: entryPrice.toString(),
    basisBps: basisOf(instrument, board),
    funding: funding.toString(),
    marginLeft: margins.leftOf(instrument)?.toFixed(4),
  }))
}

/** Middle of the contract over the middle of spot, on the same exchange where it lists that. */
function basisOf({ id, symbol, exchange }: Instrument, board: MarketBoard): number | undefined {
  const spots = board.slotsOf(symbol).filter((slot) => board.instruments[slot]!.marketType === 'spot')
  const spot = spots.find((slot) => board.instruments[slot]!.exchange === exchange) ?? spots[0]
  const ratio = middleOf(board.bookOf(id)) / middleOf(spot === undefined ? undefined : board.bookAt(spot))
  return Number.isFinite(ratio) ? Math.round((ratio - 1) * bpsPerUnit * shownParts) / shownParts : undefined
}

const middleOf = (book: OrderBook | undefined): number =>
  book === undefined
    ? Number.NaN
    : ((book.bids.priceTicksAt(0) + book.asks.priceTicksAt(0)) / 2) * book.instrument.pricePerTick
