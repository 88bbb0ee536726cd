import {
  backoffDelayMs,
  sleep,
  usPerMs,
  toCexArbitrageException,
  type AssetId,
  type Balance,
  type Clock,
  type Instrument,
  type Logger,
  type Random,
} from '@cex-arbitrage/common'
import type { AccountListener, Position, PositionDesk } from '@cex-arbitrage/exchanges'
import type { AccountHoldings } from '../portfolio/balance-auditor.js'
import type { Portfolio } from '../portfolio/portfolio.js'
import { accountOf, exchangeOf, type AccountId } from '../types/account-id.js'
import type { TradingVenue } from '../types/trading-venue.js'
import type { ExecutionSettings } from './execution-settings.js'
import type { OrderDesk } from './order-desk.js'
import { retryWithin } from './retry-within.js'
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

  /** Accounts in the order of the venues. */
  get accounts(): readonly AccountId[] {
    return [...new Set(this.deps.venues.venues.map(({ privateExchange }) => accountOf(privateExchange)))]
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

  /** Balances of the account, summed by asset where more than one venue makes it up. */
  async fetchBalances(account: AccountId): Promise<readonly Balance[]> {
    const { venues, clock, settings } = this.deps
    const sums = new Map<AssetId, Balance>()
    for (const privateExchange of venues.privateExchangesOf(account)) {
      const doing = `fetching the balances of ${account}`
      for (const balance of await withTimeout(privateExchange.fetchBalances(), settings.queryTimeoutMs, clock, doing)) {
        const before = sums.get(balance.asset)
        sums.set(balance.asset, before === undefined ? balance : addBalances(before, balance))
      }
    }
    return [...sums.values()]
  }

  /** Balances and positions of the account, asked for together. */
  async fetchHoldings(account: AccountId): Promise<AccountHoldings> {
    const [balances, positions] = await Promise.all([this.fetchBalances(account), this.fetchPositions(account)])
    return { balances, positions }
  }

  /**
   * Sets the leverage that the portfolio reckons with wherever the exchange has another one.
   *
   * @throws What `PositionDesk` throws in the end: do not trade then.
   */
  async setLeverages(deadlineMs: number): Promise<void> {
    const { venues, clock } = this.deps
    const untilUs = clock.nowUs() + deadlineMs * usPerMs
    const leftMs = (): number => Math.max(0, (untilUs - clock.nowUs()) / usPerMs)
    for (const { privateExchange, instruments } of venues.venues) {
      const { positions } = privateExchange
      if (positions !== undefined) await retryWithin(() => this.setLeveragesOf(positions, instruments), leftMs, clock)
    }
  }

  private async setLeveragesOf(desk: PositionDesk, instruments: readonly Instrument[]): Promise<void> {
    const { portfolio, clock, settings } = this.deps
    const doing = 'setting leverages'
    const timed = <T>(call: Promise<T>): Promise<T> => withTimeout(call, settings.queryTimeoutMs, clock, doing)
    for (const position of await timed(desk.fetchPositions(instruments))) {
      portfolio.positions.onPosition(position)
      const leverage = portfolio.positions.chosenLeverage(position.instrument)
      if (leverage !== undefined && position.leverage !== leverage)
        await timed(desk.setLeverage(position.instrument, leverage))
    }
  }

  private async fetchPositions(account: AccountId): Promise<readonly Position[]> {
    const { venues, clock, settings } = this.deps
    const all: Position[] = []
    for (const { privateExchange, instruments } of venues.venues) {
      if (privateExchange.positions === undefined || accountOf(privateExchange) !== account) continue
      const doing = `fetching the positions of ${account}`
      const call = privateExchange.positions.fetchPositions(instruments)
      all.push(...(await withTimeout(call, settings.queryTimeoutMs, clock, doing)))
    }
    return all
  }

  private createListener({ privateExchange }: TradingVenue): AccountListener {
    const account = accountOf(privateExchange)
    const { desk, portfolio, logger } = this.deps
    return {
      onOrder: (update) => desk.onOrder(update),
      onFill: (fill) => desk.onFill(fill),
      onBalance: (balance) => portfolio.onBalance(account, balance),
      onPosition: (position) => portfolio.positions.onPosition(position),
      onConnected: () => {
        portfolio.onConnected(account)
        for (const tracked of desk.unsettled(account)) tracked.askNow()
        void this.refresh(account)
      },
      onDisconnected: () => {
        if (!this.closed) logger.warn({ account }, 'account stream lost')
        portfolio.onDisconnected(account)
      },
    }
  }

  /** Fetches balances until it succeeds, so that the account counts as current again. */
  private async refresh(account: AccountId): Promise<void> {
    const { portfolio, clock, random, settings, logger } = this.deps
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        portfolio.onBalances(account, await this.fetchBalances(account))
        return
      } catch (error) {
        const failure = toCexArbitrageException(error, { doing: 'fetching balances', exchange: exchangeOf(account) })
        logger.warn({ account, code: failure.code, message: failure.message }, 'balances not fetched')
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
