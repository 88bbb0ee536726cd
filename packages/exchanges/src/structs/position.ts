import type { Decimal, Instrument } from '@cex-arbitrage/common'

/** What an account holds of one perpetual contract. A stream may leave out what it does not know; a query does not. */
export interface Position {
  readonly instrument: Instrument
  /** In contracts, negative when short, zero when flat. */
  readonly quantity: Decimal
  /** Average price of what is held, in quote per base; `undefined` when flat. */
  readonly entryPrice: Decimal | undefined
  /** What profit and liquidation are reckoned by; `undefined` where a stream says nothing of it. */
  readonly markPrice: Decimal | undefined
  /** `undefined` when flat, or where the exchange names none. */
  readonly liquidationPrice: Decimal | undefined
  /** Bound by this position, in quote. */
  readonly margin: Decimal
  /** At the mark price, in quote; no part of the wallet until realised. `undefined` where a stream says nothing of it. */
  readonly unrealisedProfit: Decimal | undefined
  /** Notional over margin that the account has set for the contract. */
  readonly leverage: number
}
