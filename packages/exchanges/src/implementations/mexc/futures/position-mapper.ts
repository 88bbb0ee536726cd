import { Decimal, ExchangeCapabilityException, type Instrument } from '@cex-arbitrage/common'
import type { FundingPayment } from '../../../structs/funding.js'
import type { Position } from '../../../structs/position.js'
import { mexcExchangeId } from '../constants.js'
import type { MexcFundingRecord, MexcFuturesPosition } from './schemas.js'

const oneWay = 2
const closed = 3

/**
 * A position of an answer or of the stream.
 *
 * @param markPrice - What its profit is reckoned by; `undefined` where it is not known.
 */
export function mapPosition(
  position: MexcFuturesPosition,
  instrument: Instrument,
  markPrice: Decimal | undefined,
): Position {
  const { positionType, state, holdVol, holdAvgPrice, liquidatePrice, im, leverage } = position
  const isFlat = state === closed || holdVol.isZero
  if (isFlat) return createFlatPosition(instrument, leverage)
  const quantity = positionType === 1 ? holdVol : holdVol.negated()
  return {
    instrument,
    quantity,
    entryPrice: holdAvgPrice,
    markPrice,
    liquidationPrice: liquidatePrice?.isZero === true ? undefined : liquidatePrice,
    margin: im ?? Decimal.zero,
    unrealisedProfit:
      markPrice && holdAvgPrice && quantity.times(instrument.contractSize).times(markPrice.minus(holdAvgPrice)),
    leverage,
  }
}

/** Nothing is held. */
export const createFlatPosition = (instrument: Instrument, leverage: number): Position => ({
  instrument,
  quantity: Decimal.zero,
  entryPrice: undefined,
  markPrice: undefined,
  liquidationPrice: undefined,
  margin: Decimal.zero,
  unrealisedProfit: Decimal.zero,
  leverage,
})

/** A settlement of funding. */
export const mapFundingPayment = (record: MexcFundingRecord, instrument: Instrument): FundingPayment => ({
  id: record.id,
  instrument,
  asset: instrument.quote,
  amount: record.funding,
  atMs: record.settleTime,
})

/** @throws {@link ExchangeCapabilityException} Long and short are kept apart; the message says how to change that. */
export function assertOneWay(positionMode: number): void {
  if (positionMode === oneWay) return
  throw new ExchangeCapabilityException({
    exchange: mexcExchangeId,
    message: `The futures account of MEXC keeps long and short positions apart (position mode ${positionMode}). Close its positions and orders, then switch it to one-way mode: POST /api/v1/private/position/change_position_mode with {"positionMode":2}, or in the trading settings on the site.`,
  })
}
