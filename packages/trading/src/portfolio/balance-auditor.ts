import {
  Decimal,
  toCexArbitrageException,
  type AssetId,
  type Balance,
  type Clock,
  type Instrument,
  type Logger,
  type Timer,
} from '@cex-arbitrage/common'
import { exchangeOf, type AccountId } from '../types/account-id.js'
import type { Position } from '@cex-arbitrage/exchanges'
import type { TradingHalt } from '../types/halt.js'
import type { Portfolio } from './portfolio.js'

export interface BalanceDifference {
  /** Of a position in this contract, not of the wallet. */
  readonly instrument?: Instrument
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

/** What an exchange says that an account holds. */
export interface AccountHoldings {
  readonly balances: readonly Balance[]
  /** Of every perpetual contract that is traded there. */
  readonly positions: readonly Position[]
}

/** What exchanges may round off the results of positions between two checks, in quote. */
const resultRounding = Decimal.of(1n, 4)

export interface BalanceAuditorDeps {
  readonly portfolio: Portfolio
  readonly halt: TradingHalt
  readonly clock: Clock
  readonly logger: Logger
  readonly fetchHoldings: (account: AccountId) => Promise<AccountHoldings>
  /** Books fills and funding of these assets that the stream may have lost. */
  readonly fetchMissedFills: (account: AccountId, assets: readonly AssetId[], search: FillSearch) => Promise<void>
  /** Posts what the exchange's rounding of a result has moved. */
  readonly onRounding: (account: AccountId, difference: BalanceDifference) => void
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
    const { portfolio, fetchHoldings, fetchMissedFills } = this.deps
    if (!portfolio.isStill(account)) return undefined
    const startedAtMs = this.deps.clock.nowMs()
    const activity = portfolio.activity(account)
    const holdings = await fetchHoldings(account)
    if (!portfolio.isStill(account) || portfolio.activity(account) !== activity) return undefined
    portfolio.onBalances(account, holdings.balances)
    for (const position of holdings.positions) portfolio.positions.onPosition(position)
    let differences = this.compare(account, holdings)
    if (differences.length > 0) {
      await fetchMissedFills(
        account,
        differences.map(({ asset }) => asset),
        { sinceMs: this.rightSinceMs.get(account) ?? 0, thorough: this.isLastLook(account, differences) },
      )
      if (!portfolio.isStill(account)) return undefined
      differences = this.settleRounding(account, this.compare(account, holdings))
    }
    if (differences.length === 0) this.setRight(account, startedAtMs)
    this.judge(account, differences)
    return differences
  }

  /** Assets and positions in which the ledger and these holdings disagree. */
  compare(account: AccountId, { balances, positions }: AccountHoldings): readonly BalanceDifference[] {
    const { portfolio } = this.deps
    const { ledger } = portfolio
    const told = new Map(balances.map(({ asset, free, locked }) => [asset, free.plus(locked)]))
    const assets = new Set([...told.keys(), ...ledger.balances(`venue:${account}`).keys()])
    const inWallet = [...assets]
      .sort()
      .map((asset) => ({
        asset,
        ledger: ledger.balance(`venue:${account}`, asset),
        exchange: told.get(asset) ?? Decimal.zero,
      }))
      .filter((pair) => pair.ledger.minus(pair.exchange).abs().greaterThan(this.deps.settings.balanceTolerance))
    const inPositions = positions
      .map(({ instrument, quantity }) => ({
        instrument,
        asset: instrument.base,
        ledger: portfolio.positions.baseOf(instrument),
        exchange: quantity.times(instrument.contractSize),
      }))
      .filter((pair) => !pair.ledger.equals(pair.exchange))
    return [...inWallet, ...inPositions]
  }

  /** Results of positions are rounded by the exchange: what only that can be is settled, the rest is answered. */
  private settleRounding(account: AccountId, differences: readonly BalanceDifference[]): readonly BalanceDifference[] {
    const isRounding = ({ ledger, exchange, instrument }: BalanceDifference): boolean =>
      account !== exchangeOf(account) &&
      instrument === undefined &&
      !ledger.minus(exchange).abs().greaterThan(resultRounding)
    for (const pair of differences) if (isRounding(pair)) this.deps.onRounding(account, pair)
    return differences.filter((pair) => !isRounding(pair))
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
    if (times >= this.deps.settings.balanceConfirmations) this.halt(account, differences)
  }

  /** Halts the assets of these differences, and names each. */
  halt(account: AccountId, differences: readonly BalanceDifference[]): void {
    for (const pair of differences) this.haltAsset(account, pair)
  }

  private haltAsset(account: AccountId, pair: BalanceDifference): void {
    const key = `${account} ${nameOf(pair)} ${pair.exchange.minus(pair.ledger).toString()}`
    if (this.halted.has(key)) return
    this.halted.add(key)
    const detail = describeDifference(account, pair)
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
  differences.map((pair) => `${nameOf(pair)} ${pair.exchange.minus(pair.ledger).toString()}`).join()

/** The asset of a wallet, or the contract of a position. */
const nameOf = ({ asset, instrument }: BalanceDifference): string => instrument?.id ?? asset

function describeDifference(account: AccountId, { asset, instrument, ledger, exchange }: BalanceDifference): string {
  if (instrument === undefined)
    return `The ledger has ${ledger.toString()} ${asset} on ${account}, which says ${exchange.toString()}. No fill explains it. Book the transfer, or find what moved it, then resume.`
  return `The ledger has a position of ${ledger.toString()} ${asset} in ${instrument.id}, and ${account} says ${exchange.toString()}. No fill explains it. Bring the position to what the ledger has, then resume.`
}
