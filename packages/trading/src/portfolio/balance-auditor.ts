import {
  Decimal,
  toCexArbitrageException,
  type AssetId,
  type Balance,
  type Clock,
  type ExchangeId,
  type Logger,
  type Timer,
} from '@cex-arbitrage/common'
import type { TradingHalt } from '../types/halt.js'
import type { Portfolio } from './portfolio.js'

export interface BalanceDifference {
  readonly asset: AssetId
  readonly ledger: Decimal
  readonly exchange: Decimal
}

export interface BalanceAuditorDeps {
  readonly portfolio: Portfolio
  readonly halt: TradingHalt
  readonly clock: Clock
  readonly logger: Logger
  readonly fetchBalances: (exchange: ExchangeId) => Promise<readonly Balance[]>
  /** Books fills of these assets since then (Unix milliseconds) that the stream may have lost. */
  readonly fetchMissedFills: (exchange: ExchangeId, assets: readonly AssetId[], sinceMs: number) => Promise<void>
  /** Told of the differences of every judged check, when they are not the same as before. */
  readonly onJudged: (exchange: ExchangeId, differences: readonly BalanceDifference[]) => void
  readonly settings: {
    readonly balanceCheckMs: number
    readonly balanceConfirmations: number
    readonly balanceTolerance: Decimal
  }
}

/**
 * Compares the ledger with what the exchanges say, again and again. A moment at which an order of ours may move a balance
 * judges nothing; one that rests untouched does not, for a fill of it shows in the next check. A difference counts when
 * lost fills do not explain it and it stands unchanged for several checks. Then the asset is halted (invariant S7).
 */
export class BalanceAuditor {
  /** The last differences of each exchange as text, and how often in a row they were seen. */
  private readonly seen = new Map<ExchangeId, { readonly text: string; readonly times: number }>()
  private readonly halted = new Set<string>()
  private readonly rightSinceMs = new Map<ExchangeId, number>()
  private readonly timers = new Map<ExchangeId, Timer>()
  private running = false

  constructor(private readonly deps: BalanceAuditorDeps) {}

  start(exchanges: readonly ExchangeId[]): void {
    this.running = true
    for (const exchange of exchanges) this.schedule(exchange)
  }

  stop(): void {
    this.running = false
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }

  /** The ledger of the exchange was known to be right at this moment, Unix milliseconds. */
  setRight(exchange: ExchangeId, atMs: number): void {
    this.rightSinceMs.set(exchange, atMs)
  }

  /** One comparison; `undefined` when the moment did not allow to judge. */
  async check(exchange: ExchangeId): Promise<readonly BalanceDifference[] | undefined> {
    const { portfolio, fetchBalances, fetchMissedFills } = this.deps
    if (!portfolio.isStill(exchange)) return undefined
    const startedAtMs = this.deps.clock.nowMs()
    const activity = portfolio.activity(exchange)
    const balances = await fetchBalances(exchange)
    if (!portfolio.isStill(exchange) || portfolio.activity(exchange) !== activity) return undefined
    portfolio.onBalances(exchange, balances)
    let differences = this.compare(exchange, balances)
    if (differences.length > 0) {
      await fetchMissedFills(
        exchange,
        differences.map(({ asset }) => asset),
        this.rightSinceMs.get(exchange) ?? 0,
      )
      if (!portfolio.isStill(exchange)) return undefined
      differences = this.compare(exchange, balances)
    }
    if (differences.length === 0) this.setRight(exchange, startedAtMs)
    this.judge(exchange, differences)
    return differences
  }

  /** Assets in which the ledger and these balances disagree. */
  compare(exchange: ExchangeId, balances: readonly Balance[]): readonly BalanceDifference[] {
    const { ledger } = this.deps.portfolio
    const told = new Map(balances.map(({ asset, free, locked }) => [asset, free.plus(locked)]))
    const assets = new Set([...told.keys(), ...ledger.balances(`venue:${exchange}`).keys()])
    return [...assets]
      .sort()
      .map((asset) => ({
        asset,
        ledger: ledger.balance(`venue:${exchange}`, asset),
        exchange: told.get(asset) ?? Decimal.zero,
      }))
      .filter((pair) => pair.ledger.minus(pair.exchange).abs().greaterThan(this.deps.settings.balanceTolerance))
  }

  private judge(exchange: ExchangeId, differences: readonly BalanceDifference[]): void {
    const text = differences.map((pair) => `${pair.asset} ${pair.exchange.minus(pair.ledger).toString()}`).join()
    const before = this.seen.get(exchange)
    const times = before?.text === text ? before.times + 1 : 1
    this.seen.set(exchange, { text, times })
    if ((before?.text ?? '') !== text) this.deps.onJudged(exchange, differences)
    if (times >= this.deps.settings.balanceConfirmations) for (const pair of differences) this.haltAsset(exchange, pair)
  }

  private haltAsset(exchange: ExchangeId, pair: BalanceDifference): void {
    const key = `${exchange} ${pair.asset} ${pair.exchange.minus(pair.ledger).toString()}`
    if (this.halted.has(key)) return
    this.halted.add(key)
    const detail = `The ledger has ${pair.ledger.toString()} ${pair.asset} on ${exchange}, which says ${pair.exchange.toString()}. No fill explains it. Book the transfer, or find what moved it, then resume.`
    this.deps.logger.error({ exchange, asset: pair.asset }, 'unexplained balance difference')
    this.deps.halt.halt({ rule: 'ledger_mismatch', asset: pair.asset, exchange, detail })
  }

  private schedule(exchange: ExchangeId): void {
    if (!this.running) return
    const timer = this.deps.clock.setTimer(() => void this.turn(exchange), this.deps.settings.balanceCheckMs)
    this.timers.set(exchange, timer)
  }

  private async turn(exchange: ExchangeId): Promise<void> {
    try {
      await this.check(exchange)
    } catch (error) {
      const failure = toCexArbitrageException(error, { doing: 'comparing balances', exchange })
      this.deps.logger.warn({ exchange, code: failure.code, message: failure.message }, 'balances not compared')
    }
    this.schedule(exchange)
  }
}
