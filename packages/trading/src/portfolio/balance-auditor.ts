import {
  Decimal,
  toCexArbitrageException,
  type AssetId,
  type Balance,
  type Clock,
  type Logger,
  type Timer,
} from '@cex-arbitrage/common'
import { exchangeOf, type AccountId } from '../types/account-id.js'
import type { TradingHalt } from '../types/halt.js'
import type { Portfolio } from './portfolio.js'

export interface BalanceDifference {
  readonly asset: AssetId
  readonly ledger: Decimal
  readonly exchange: Decimal
}

/** How far back fills are looked for. */
export interface FillSearch {
  /** Unix milliseconds at which the ledger was last known to be right, by our clock then. */
  readonly sinceMs: number
  /** The last look before a difference has consequences: our clock may have been wrong by hours then. */
  readonly thorough: boolean
}

export interface BalanceAuditorDeps {
  readonly portfolio: Portfolio
  readonly halt: TradingHalt
  readonly clock: Clock
  readonly logger: Logger
  readonly fetchBalances: (account: AccountId) => Promise<readonly Balance[]>
  /** Books fills of these assets that the stream may have lost. */
  readonly fetchMissedFills: (account: AccountId, assets: readonly AssetId[], search: FillSearch) => Promise<void>
  /** Told of the differences of every judged check, when they are not the same as before. */
  readonly onJudged: (account: AccountId, differences: readonly BalanceDifference[]) => void
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
  /** The last differences of each account as text, and how often in a row they were seen. */
  private readonly seen = new Map<AccountId, { readonly text: string; readonly times: number }>()
  private readonly halted = new Set<string>()
  private readonly rightSinceMs = new Map<AccountId, number>()
  private readonly timers = new Map<AccountId, Timer>()
  private running = false

  constructor(private readonly deps: BalanceAuditorDeps) {}

  start(accounts: readonly AccountId[]): void {
    this.running = true
    for (const account of accounts) this.schedule(account)
  }

  stop(): void {
    this.running = false
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }

  /** The ledger of the account was known to be right at this moment, Unix milliseconds. */
  setRight(account: AccountId, atMs: number): void {
    this.rightSinceMs.set(account, atMs)
  }

  /** One comparison; `undefined` when the moment did not allow to judge. */
  async check(account: AccountId): Promise<readonly BalanceDifference[] | undefined> {
    const { portfolio, fetchBalances, fetchMissedFills } = this.deps
    if (!portfolio.isStill(account)) return undefined
    const startedAtMs = this.deps.clock.nowMs()
    const activity = portfolio.activity(account)
    const balances = await fetchBalances(account)
    if (!portfolio.isStill(account) || portfolio.activity(account) !== activity) return undefined
    portfolio.onBalances(account, balances)
    let differences = this.compare(account, balances)
    if (differences.length > 0) {
      await fetchMissedFills(
        account,
        differences.map(({ asset }) => asset),
        { sinceMs: this.rightSinceMs.get(account) ?? 0, thorough: this.isLastLook(account, differences) },
      )
      if (!portfolio.isStill(account)) return undefined
      differences = this.compare(account, balances)
    }
    if (differences.length === 0) this.setRight(account, startedAtMs)
    this.judge(account, differences)
    return differences
  }

  /** Assets in which the ledger and these balances disagree. */
  compare(account: AccountId, balances: readonly Balance[]): readonly BalanceDifference[] {
    const { ledger } = this.deps.portfolio
    const told = new Map(balances.map(({ asset, free, locked }) => [asset, free.plus(locked)]))
    const assets = new Set([...told.keys(), ...ledger.balances(`venue:${account}`).keys()])
    return [...assets]
      .sort()
      .map((asset) => ({
        asset,
        ledger: ledger.balance(`venue:${account}`, asset),
        exchange: told.get(asset) ?? Decimal.zero,
      }))
      .filter((pair) => pair.ledger.minus(pair.exchange).abs().greaterThan(this.deps.settings.balanceTolerance))
  }

  /** One before the last: at a start, differences may be taken as transfers a check earlier than they halt. */
  private isLastLook(account: AccountId, differences: readonly BalanceDifference[]): boolean {
    return this.timesSeen(account, textOf(differences)) === Math.max(1, this.deps.settings.balanceConfirmations - 1)
  }

  /** In a row, this one included. */
  private timesSeen(account: AccountId, text: string): number {
    const before = this.seen.get(account)
    return before?.text === text ? before.times + 1 : 1
  }

  private judge(account: AccountId, differences: readonly BalanceDifference[]): void {
    const text = textOf(differences)
    const before = this.seen.get(account)
    const times = this.timesSeen(account, text)
    this.seen.set(account, { text, times })
    if ((before?.text ?? '') !== text) this.deps.onJudged(account, differences)
    if (times >= this.deps.settings.balanceConfirmations) for (const pair of differences) this.haltAsset(account, pair)
  }

  private haltAsset(account: AccountId, pair: BalanceDifference): void {
    const key = `${account} ${pair.asset} ${pair.exchange.minus(pair.ledger).toString()}`
    if (this.halted.has(key)) return
    this.halted.add(key)
    const detail = `The ledger has ${pair.ledger.toString()} ${pair.asset} on ${account}, which says ${pair.exchange.toString()}. No fill explains it. Book the transfer, or find what moved it, then resume.`
    this.deps.logger.error({ account, asset: pair.asset }, 'unexplained balance difference')
    this.deps.halt.halt({ rule: 'ledger_mismatch', asset: pair.asset, exchange: account, detail })
  }

  private schedule(account: AccountId): void {
    if (!this.running) return
    const timer = this.deps.clock.setTimer(() => void this.turn(account), this.deps.settings.balanceCheckMs)
    this.timers.set(account, timer)
  }

  private async turn(account: AccountId): Promise<void> {
    try {
      await this.check(account)
    } catch (error) {
      const failure = toCexArbitrageException(error, { doing: 'comparing balances', exchange: exchangeOf(account) })
      this.deps.logger.warn({ account, code: failure.code, message: failure.message }, 'balances not compared')
    }
    this.schedule(account)
  }
}

const textOf = (differences: readonly BalanceDifference[]): string =>
  differences.map((pair) => `${pair.asset} ${pair.exchange.minus(pair.ledger).toString()}`).join()
