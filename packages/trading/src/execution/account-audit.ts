import { sleep, toCexArbitrageException, usPerMs, type AssetId, type Instrument } from '@cex-arbitrage/common'
import { BalanceAuditor, type BalanceDifference, type FillSearch } from '../portfolio/balance-auditor.js'
import { accountOf, exchangeOf, type AccountId } from '../types/account-id.js'
import type { AccountHub } from './account-hub.js'
import type { ExecutionContext } from './execution-context.js'
import type { ExecutionSettings } from './execution-settings.js'
import type { LedgerPostings } from './ledger-postings.js'
import { clockMarginMs, wideClockMarginMs } from './clock-margin.js'
import { withTimeout } from './timeout.js'

/** What an earlier session's journal knows of the ledgers. */
export interface EarlierLedgers {
  readonly opened: ReadonlySet<AccountId>
  /** Unix milliseconds of its newest record. */
  readonly lastAtMs: number
}

/** Opens the ledger of every account and keeps comparing it with the exchange's word (invariant S7). */
export class AccountAudit {
  private readonly auditor: BalanceAuditor

  constructor(
    private readonly context: ExecutionContext,
    private readonly hub: AccountHub,
    private readonly postings: LedgerPostings,
  ) {
    const { portfolio, halt, clock, logger, settings, journal } = context
    this.auditor = new BalanceAuditor({
      portfolio,
      halt,
      clock,
      logger,
      settings,
      fetchHoldings: (account) => hub.fetchHoldings(account),
      fetchMissedFills: (account, assets, search) => this.fetchMissedFills(account, assets, search),
      onRounding: (account, difference) => postings.settleRounding(account, difference),
      onJudged: (account, differences) =>
        journal.enqueue({
          kind: 'balance_check',
          atMs: clock.nowMs(),
          exchange: account,
          differences: differences.map(mapDifferenceToText),
        }),
    })
  }

  /**
   * Takes what an exchange holds as the beginning, where the journal has none; throws what fetching throws in the end.
   */
  async open({ opened, lastAtMs }: EarlierLedgers): Promise<void> {
    const { clock, desk, venues } = this.context
    for (const account of this.hub.accounts) {
      this.auditor.setRight(account, opened.has(account) ? lastAtMs : clock.nowMs())
      if (opened.has(account)) continue
      const balances = await this.untilAnswered(account, () => this.hub.fetchBalances(account))
      const quote = venues.instrumentsOf(account)[0]?.quote
      if (quote !== undefined) this.postings.open(account, balances, quote)
      desk.setOpened(account, clock.nowMs())
    }
  }

  /**
   * Compares ledgers of earlier sessions; what stands is halted, or taken as a transfer where so configured. A position that
   * the ledger does not have as the exchange says halts before anything is traded, also where a ledger has only begun.
   */
  async compareAtStart({ opened }: EarlierLedgers): Promise<void> {
    const { settings, clock } = this.context
    await Promise.all(
      this.hub.accounts.map(async (account) => {
        for (let i = 1; opened.has(account); i++) {
          const differences = await this.untilAnswered(account, () => this.auditor.check(account))
          if (differences === undefined || differences.length === 0) return
          const foreign = differences.filter(({ instrument }) => instrument !== undefined)
          const adopts = settings.startDifferences === 'adopt' && i >= adoptAfter(settings)
          if (adopts) this.adopt(account, differences)
          if (adopts || i >= settings.balanceConfirmations) return this.auditor.halt(account, foreign)
          await sleep(clock, settings.balanceCheckMs)
        }
      }),
    )
  }

  start(): void {
    this.auditor.start(this.hub.accounts)
  }

  stop(): void {
    this.auditor.stop()
  }

  /** What ledger and exchange disagree on for good: a balance may show later than its fill. */
  async settledDifferences(account: AccountId): Promise<readonly BalanceDifference[]> {
    const { clock, settings } = this.context
    for (let i = 1; ; i++) {
      const differences =
        (await this.auditor.check(account)) ?? this.auditor.compare(account, await this.hub.fetchHoldings(account))
      if (differences.length === 0 || i >= settings.balanceConfirmations) return differences
      await sleep(clock, settings.queryInitialMs)
    }
  }

  /** At a start an exchange is asked again where it does not answer: the run before may have used up its limits. */
  private async untilAnswered<T>(account: AccountId, ask: () => Promise<T>): Promise<T> {
    const { clock, settings, logger } = this.context
    const untilUs = clock.nowUs() + settings.reconcileDeadlineMs * usPerMs
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        const failure = toCexArbitrageException(error, {
          doing: 'fetching balances at the start',
          exchange: exchangeOf(account),
        })
        if (failure.recovery === 'reject' || clock.nowUs() >= untilUs) throw failure
        logger.warn({ account, code: failure.code, message: failure.message }, 'no balances yet, again')
        await sleep(clock, settings.queryInitialMs)
      }
    }
  }

  /** Takes the exchange's word for its wallet; for a position never, since nobody would know what hedges it. */
  private adopt(account: AccountId, differences: readonly BalanceDifference[]): void {
    this.postings.adopt(
      account,
      differences.filter(({ instrument }) => instrument === undefined),
    )
  }

  private async fetchMissedFills(account: AccountId, assets: readonly AssetId[], search: FillSearch): Promise<void> {
    const { venues, desk, clock, settings } = this.context
    // A clock that has been set back since would leave out all that happened between.
    const { sinceMs, thorough } = search
    const marginMs = thorough ? wideClockMarginMs : clockMarginMs
    const fromMs = sinceMs > clock.nowMs() ? 0 : Math.max(0, sinceMs - marginMs)
    for (const instrument of venues.touching(account, assets)) {
      const { orders } = venues.venueOf(instrument).privateExchange
      const call = orders.fetchFills({ instrument, fromMs })
      const doing = `fetching missed fills of ${instrument.id}`
      for (const fill of await withTimeout(call, settings.queryTimeoutMs, clock, doing)) desk.onFill(fill)
      await this.fetchFunding(instrument, fromMs)
    }
  }

  /** Funding moves a wallet without a fill; what was paid before the ledger was opened is part of its beginning. */
  private async fetchFunding(instrument: Instrument, fromMs: number): Promise<void> {
    const { venues, desk, clock, settings } = this.context
    const { positions } = venues.venueOf(instrument).privateExchange
    if (positions === undefined) return
    const openedAtMs = desk.openings.get(accountOf(instrument)) ?? Number.POSITIVE_INFINITY
    const call = positions.fetchFundingPayments({ instrument, fromMs })
    const doing = `fetching funding of ${instrument.id}`
    for (const payment of await withTimeout(call, settings.queryTimeoutMs, clock, doing))
      if (payment.atMs >= openedAtMs && desk.seenFills.addPayment(instrument.id, payment.id))
        this.postings.fund(payment)
  }
}

/** Seen as often as can be before it halts: what shows late in a balance is no transfer. */
const adoptAfter = ({ balanceConfirmations }: ExecutionSettings): number => Math.max(1, balanceConfirmations - 1)

/** The amounts as decimal texts, for journal and proof; a position goes by the name of its contract. */
export const mapDifferenceToText = (difference: BalanceDifference) => ({
  asset: difference.instrument?.id ?? difference.asset,
  ledger: difference.ledger.toString(),
  exchange: difference.exchange.toString(),
})
