import type { Decimal } from './decimal.js'
import type { AssetId, ClientOrderId, ExchangeOrderId, FillId, InstrumentId } from './ids.js'
import type { Side } from './side.js'

/** Whether a fill added or removed liquidity. */
export type LiquidityRole = 'maker' | 'taker'

/** One execution of one of our orders. Idempotent by `instrumentId` and `fillId`. */
export interface Fill {
  readonly fillId: FillId
  readonly instrumentId: InstrumentId
  readonly exchangeOrderId: ExchangeOrderId
  readonly clientOrderId: ClientOrderId | undefined
  readonly side: Side
  /** Quote per base. */
  readonly price: Decimal
  /** In base (spot) or contracts. */
  readonly quantity: Decimal
  /** Amount taken from `feeAsset`; negative is a rebate. */
  readonly fee: Decimal
  readonly feeAsset: AssetId
  readonly role: LiquidityRole
  readonly exchangeTimeMs: number
}
