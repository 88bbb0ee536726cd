import {
  backoffDelayMs,
  sleep,
  toCexArbitrageException,
  type AssetId,
  type Balance,
  type Clock,
  type ExchangeId,
  type Logger,
  type Random,
} from '@cex-arbitrage/common'
import type { AccountListener } from '@cex-arbitrage/exchanges'
import type { Portfolio } from '../portfolio/portfolio.js'
import type { TradingVenue } from '../types/trading-venue.js'
import type { ExecutionSettings } from './execution-settings.js'
import type { OrderDesk } from './order-desk.js'
import { withTimeout } from './timeout.js'
import type { VenueDirectory } from './venue-directory.js'

export interface AccountHubDeps {
  readonly venues: VenueDirectory
  readonly desk: OrderDesk
  readonly portfolio: Portfolio
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly settings: ExecutionSettings
}

/** The account streams of all venues: their events go to the desk and the portfolio, their gaps are filled by fetching. */
export class AccountHub {
  private closed = false

  constructor(private readonly deps: AccountHubDeps) {}

  /** Exchanges in the order of the venues. */
  get exchanges(): readonly ExchangeId[] {
    return [...new Set(this.deps.venues.venues.map(({ exchange }) => exchange))]
  }

  /** Opens every stream. Throws what {@link AccountFeed.open} throws. */
  async open(): Promise<void> {
    await Promise.all(
      this.deps.venues.venues.map((venue) =>
        venue.privateExchange.account.open(venue.instruments, this.createListener(venue)),
      ),
    )
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.all(this.deps.venues.venues.map(({ privateExchange }) => privateExchange.account.close()))
  }

  /** Balances of all accounts that we have on the exchange, summed by asset. */
  async fetchBalances(exchange: ExchangeId): Promise<readonly Balance[]> {
    const { venues, clock, settings } = this.deps
    const sums = new Map<AssetId, Balance>()
    const accounts = new Set(
      venues.venues.filter((venue) => venue.exchange === exchange).map(({ privateExchange }) => privateExchange),
    )
    for (const account of accounts) {
      const doing = `fetching the balances of ${exchange}`
      for (const balance of await withTimeout(account.fetchBalances(), settings.queryTimeoutMs, clock, doing)) {
        const before = sums.get(balance.asset)
        sums.set(balance.asset, before === undefined ? balance : addBalances(before, balance))
      }
    }
    return [...sums.values()]
  }

  private createListener({ exchange }: TradingVenue): AccountListener {
    const { desk, portfolio, logger } = this.deps
    return {
      onOrder: (update) => desk.onOrder(update),
      onFill: (fill) => desk.onFill(fill),
      onBalance: (balance) => portfolio.onBalance(exchange, balance),
      onConnected: () => {
        portfolio.onConnected(exchange)
        for (const tracked of desk.unsettled(exchange)) tracked.askNow()
        void this.refresh(exchange)
      },
      onDisconnected: () => {
        if (!this.closed) logger.warn({ exchange }, 'account stream lost')
        portfolio.onDisconnected(exchange)
      },
    }
  }

  /** Fetches balances until it succeeds, so that the account counts as current again. */
  private async refresh(exchange: ExchangeId): Promise<void> {
    const { portfolio, clock, random, settings, logger } = this.deps
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        portfolio.onBalances(exchange, await this.fetchBalances(exchange))
        return
      } catch (error) {
        const failure = toCexArbitrageException(error, { doing: 'fetching balances', exchange })
        logger.warn({ exchange, code: failure.code, message: failure.message }, 'balances not fetched')
        const backoff = { initialMs: settings.queryInitialMs, maxMs: settings.queryMaxMs }
        await sleep(clock, settings.queryInitialMs + backoffDelayMs(attempt, backoff, random))
      }
    }
  }
}

const addBalances = (a: Balance, b: Balance): Balance => ({
  asset: a.asset,
  free: a.free.plus(b.free),
  locked: a.locked.plus(b.locked),
})
