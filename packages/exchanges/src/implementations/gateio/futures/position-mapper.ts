import { Decimal, ExchangeCapabilityException, msPerSecond, type Instrument } from '@cex-arbitrage/common'
import type { FundingPayment, FundingRate } from '../../../structs/funding.js'
import type { Position } from '../../../structs/position.js'
import { gateioExchangeId } from '../constants.js'
import type { GateioAccountBookRow, GateioFunding, GateioFuturesAccount, GateioFuturesPosition } from './schemas.js'
import { millisecondsOf } from './times.js'

/** Funding of a contract; the exchange states it with the contract's other terms. */
export function mapFundingRate(funding: GateioFunding, instrument: Instrument): FundingRate {
  return {
    instrument,
    rate: funding.funding_rate,
    intervalMs: funding.funding_interval * msPerSecond,
    nextAtMs: millisecondsOf(funding.funding_next_apply),
    markPrice: funding.mark_price,
    indexPrice: funding.index_price,
  }
}

/**
 * A position of an answer or of the stream.
 *
 * @throws {@link ExchangeCapabilityException} It is one side of two that the account keeps apart.
 */
export function mapPosition(position: GateioFuturesPosition, instrument: Instrument): Position {
  if ((position.mode ?? 'single') !== 'single') throw createTwoWayRefusal(position.mode ?? '')
  const isFlat = position.size.isZero
  return {
    instrument,
    quantity: position.size,
    entryPrice: isFlat ? undefined : position.entry_price,
    markPrice: position.mark_price,
    liquidationPrice: isFlat || position.liq_price?.isZero === true ? undefined : position.liq_price,
    margin: marginOf(position),
    unrealisedProfit: position.unrealised_pnl,
    leverage: (position.leverage.isZero
      ? (position.cross_leverage_limit ?? Decimal.zero)
      : position.leverage
    ).toNumber(),
  }
}

/** What was never traded: the exchange knows no position of it. */
export const createFlatPosition = (instrument: Instrument): Position => ({
  instrument,
  quantity: Decimal.zero,
  entryPrice: undefined,
  markPrice: undefined,
  liquidationPrice: undefined,
  margin: Decimal.zero,
  unrealisedProfit: Decimal.zero,
  leverage: 0,
})

/** A settlement of funding out of the account's book. */
export const mapFundingPayment = (row: GateioAccountBookRow, instrument: Instrument): FundingPayment => ({
  id: row.id ?? `${instrument.exchangeSymbol}-${row.time}`,
  instrument,
  asset: instrument.quote,
  amount: row.change,
  atMs: millisecondsOf(row.time),
})

/**
 * Makes sure that a contract has one position and that the wallet is one of its own.
 *
 * @throws {@link ExchangeCapabilityException} saying how to change what is not so.
 */
export function assertOneWayAccount(account: GateioFuturesAccount): void {
  const { position_mode: mode, in_dual_mode: isDual, margin_mode: marginMode } = account
  if (isDual === true || (mode ?? 'single') !== 'single') throw createTwoWayRefusal(mode ?? 'dual')
  if ((marginMode ?? 0) === 0) return
  throw new ExchangeCapabilityException({
    exchange: gateioExchangeId,
    message: `The futures account of Gate.io shares its margin with other accounts (margin mode ${marginMode}). Switch the account to classic mode, or trade contracts with a sub-account of its own.`,
  })
}

/** The account keeps long and short of a contract apart. */
export const createTwoWayRefusal = (mode: string): ExchangeCapabilityException =>
  new ExchangeCapabilityException({
    exchange: gateioExchangeId,
    message: `The futures account of Gate.io keeps long and short positions apart (position mode ${mode}). Close its positions and orders, then switch it to one-way mode: POST /futures/usdt/dual_mode?dual_mode=false, or in the trading settings on the site.`,
  })

/** Isolated margin is stated as such; cross margin binds the initial margin. */
function marginOf({ margin, initial_margin: initial }: GateioFuturesPosition): Decimal {
  if (margin !== undefined && !margin.isZero) return margin
  return initial ?? Decimal.zero
}
