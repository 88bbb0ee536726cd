import type { Brand, ExchangeId, MarketType } from '@cex-arbitrage/common'

/**
 * One account of ours, which is one kind of market of one exchange, for each keeps funds of its own. The spot account goes
 * by the exchange's name alone, any other by `exchange:market`.
 */
export type AccountId = ExchangeId | Brand<string, 'AccountId'>

/** The account through which an instrument, or a venue, is traded. */
export const accountOf = ({
  exchange,
  marketType,
}: {
  readonly exchange: ExchangeId
  readonly marketType: MarketType
}): AccountId => (marketType === 'spot' ? exchange : (`${exchange}:${marketType}` as AccountId))

/** The exchange on which an account is. */
export const exchangeOf = (account: AccountId): ExchangeId => account.split(':', 1)[0] as ExchangeId
