import { Decimal, type AssetId, type ExchangeId } from '@cex-arbitrage/common'
import { noPositions, type AccountView, type TradingVenue } from '@cex-arbitrage/trading'

/** What a naive engine knows of its accounts: the balances it fetched last. */
export class NaiveAccount implements AccountView {
  readonly positions = noPositions
  private readonly free = new Map<string, Decimal>()
  private open = 0

  async refresh(venues: readonly TradingVenue[]): Promise<void> {
    await Promise.allSettled(
      venues.map(async ({ exchange, privateExchange }) => {
        for (const { asset, free } of await privateExchange.fetchBalances()) this.free.set(`${exchange} ${asset}`, free)
      }),
    )
  }

  tradeOpened(): void {
    this.open++
  }

  tradeClosed(): void {
    this.open--
  }

  available(exchange: ExchangeId, asset: AssetId): Decimal {
    return this.free.get(`${exchange} ${asset}`) ?? Decimal.zero
  }

  total(exchange: ExchangeId, asset: AssetId): Decimal {
    return this.available(exchange, asset)
  }

  isCurrent(): boolean {
    return this.free.size > 0
  }

  openOrders(): number {
    return 0
  }

  unknownOrders(): number {
    return 0
  }

  openTrades(): number {
    return this.open
  }

  netPosition(): Decimal {
    return Decimal.zero
  }

  realisedToday(): Decimal {
    return Decimal.zero
  }

  consecutiveFailures(): number {
    return 0
  }
}
