import { RingBuffer, type AssetId, type Clock, type Instrument, type Timer } from '@cex-arbitrage/common'
import type { AccountId, AssetValues, Portfolio } from '@cex-arbitrage/trading'
import type { EquityPoint } from './live-model.js'

const sampleEveryMs = 1_000
/** One hour of samples. */
const keptPoints = 3_600

export interface EquitySources {
  readonly portfolio: Portfolio
  readonly values: AssetValues
  readonly holdings: readonly { readonly account: AccountId; readonly asset: AssetId }[]
  /** Of which positions may be held. */
  readonly contracts: readonly Instrument[]
  /** What ended trades have brought since the start, per asset. */
  readonly realised: () => readonly { readonly asset: AssetId; readonly realised: { toString(): string } }[]
  readonly clock: Clock
}

/** The worth of all accounts over time, sampled once a second; the newest hour is kept. For display: doubles. */
export class EquityTracker {
  private readonly points = new RingBuffer<EquityPoint>(keptPoints)
  private timer: Timer | undefined
  private startWorth: number | undefined
  latest: EquityPoint | undefined

  constructor(private readonly sources: EquitySources) {}

  start(): void {
    this.sample()
    this.timer = this.sources.clock.setTimer(() => this.start(), sampleEveryMs)
  }

  close(): void {
    this.timer?.cancel()
    this.timer = undefined
  }

  /** Oldest first. */
  series(): readonly EquityPoint[] {
    return this.points.toArray()
  }

  private sample(): void {
    const worth = this.worth()
    if (worth === undefined) return
    this.startWorth ??= worth
    const realised = this.realised()
    this.latest = {
      atMs: this.sources.clock.nowMs(),
      worth: round(worth),
      traded: round(this.startWorth + realised),
      realised: round(realised),
    }
    this.points.push(this.latest)
  }

  /** `undefined` until everything held has a price. */
  private worth(): number | undefined {
    let sum = 0
    for (const { account, asset } of this.sources.holdings) {
      const total = Number(this.sources.portfolio.total(account, asset).toString())
      if (total === 0) continue
      const value = this.sources.values.valueOf(asset)
      if (value === undefined) return undefined
      sum += total * Number(value.toString())
    }
    return sum + this.unrealised()
  }

  /** What positions would bring at the prices by which everything else is counted. */
  private unrealised(): number {
    const { portfolio, values, contracts } = this.sources
    return portfolio.positions.held(contracts).reduce((sum, { instrument, base, entryPrice }) => {
      const price = values.valueOf(instrument.base, instrument.exchange)
      const quote = values.valueOf(instrument.quote)
      if (price === undefined || quote === undefined) return sum
      return sum + base.times(price.minus(entryPrice.times(quote))).toNumber()
    }, 0)
  }

  private realised(): number {
    return this.sources.realised().reduce((sum, { asset, realised }) => {
      const value = this.sources.values.valueOf(asset)
      return sum + Number(realised.toString()) * Number(value?.toString() ?? 0)
    }, 0)
  }
}

const round = (amount: number): number => Math.round(amount * 1e6) / 1e6
