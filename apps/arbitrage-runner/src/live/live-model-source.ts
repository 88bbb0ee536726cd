import type { AssetId, Instrument } from '@cex-arbitrage/common'
import { usPerMs } from '@cex-arbitrage/common'
import { getStrategyName } from '@cex-arbitrage/config'
import { accountOf, type AccountId } from '@cex-arbitrage/trading'
import type { DependencyContainer } from 'tsyringe'
import { tokens } from '../composition/tokens.js'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { describeBooks, describeEdges } from './describe-books.js'
import { describeExposure } from './describe-exposure.js'
import { EquityTracker } from './equity-tracker.js'
import type { CounterStatus, EquityPoint, LiveModel } from './live-model.js'

/** What the page sees of a running engine, gathered when asked; it adds nothing to the way of a tick. */
export class LiveModelSource {
  private readonly equity: EquityTracker
  private readonly accounts: readonly AccountId[]
  private readonly assets: readonly AssetId[]
  private readonly strategies: readonly string[]

  constructor(
    private readonly container: DependencyContainer,
    private readonly status: () => StatusSnapshot,
  ) {
    const venues = container.resolve(tokens.venues)
    const core = container.resolve(tokens.core)
    const config = container.resolve(tokens.config)
    const assetsOf = venues.map(({ privateExchange, instruments }) => ({
      account: accountOf(privateExchange),
      assets: [...new Set(instruments.flatMap(({ base, quote }) => [base, quote]))],
    }))
    this.accounts = [...new Set(assetsOf.map(({ account }) => account))]
    this.assets = [...new Set(assetsOf.flatMap(({ assets }) => assets))]
    this.strategies = config.strategies.filter(({ enabled }) => enabled).map(getStrategyName)
    const holdings = assetsOf.flatMap(({ account, assets }) => assets.map((asset) => ({ account, asset })))
    this.equity = new EquityTracker({
      portfolio: container.resolve(tokens.portfolio),
      values: core.values,
      holdings: uniqueHoldings(holdings),
      contracts: venues.flatMap(({ instruments }) => instruments.filter(isContract)),
      realised: () => container.resolve(tokens.engine).status().profits,
      clock: container.resolve(tokens.clock),
    })
    const trades = container.resolve(tokens.latencies).histogram('trade')
    container.resolve(tokens.executor).onOutcome(({ durationUs }) => trades.observe(durationUs))
  }

  /** Begins to sample the equity. */
  start(): void {
    this.equity.start()
  }

  close(): void {
    this.equity.close()
  }

  equitySeries(): readonly EquityPoint[] {
    return this.equity.series()
  }

  model(): LiveModel {
    const { container } = this
    const core = container.resolve(tokens.core)
    const settings = container.resolve(tokens.settings)
    const maxQuoteAgeUs = settings.config.risk.maxQuoteAgeMs * usPerMs
    return {
      ...this.status(),
      reportingAsset: core.values.reportingAsset,
      strategies: this.strategies,
      counters: this.counters(),
      books: describeBooks(core.board, container.resolve(tokens.clock), maxQuoteAgeUs),
      edges: describeEdges(core.board),
      exposure: describeExposure({
        portfolio: container.resolve(tokens.portfolio),
        values: core.values,
        rules: core.rules,
        accounts: this.accounts,
        assets: this.assets,
      }),
      equity: this.equity.latest,
      latency: container.resolve(tokens.latencies).snapshot(),
      limits: settings.describeLimits(),
    }
  }

  private counters(): CounterStatus {
    const status = this.container.resolve(tokens.engine).status()
    return {
      bookUpdates: status.bookUpdates,
      topChanges: status.topChanges,
      crossings: status.opportunities,
      proposals: status.proposals,
      approvals: status.approvals,
      openTrades: status.openTrades,
    }
  }
}

interface Holding {
  readonly account: AccountId
  readonly asset: AssetId
}

/** One exchange may stand there with several markets that share an account. */
function uniqueHoldings(holdings: readonly Holding[]): readonly Holding[] {
  return [...new Map(holdings.map((holding) => [`${holding.account} ${holding.asset}`, holding])).values()]
}

const isContract = ({ marketType }: Instrument): boolean => marketType === 'futures'
