import { Decimal } from '@cex-arbitrage/common'
import type { QuoteSeries } from './quote-series.js'

/** Rows in which buying on one source and selling on the other paid: the same counts as `scanCaptures`, per source's own fee. */
export interface CrossingCount {
  readonly buy: string
  readonly sell: string
  readonly rowsGrossPositive: number
  readonly rowsNetPositive: number
}

/** Counts, in exact integers, how often best quotes of captures crossed before and after taker fees. */
export class CrossingTally {
  rows = 0
  private readonly directions: readonly Direction[]

  constructor(sources: readonly QuoteSeries[]) {
    this.directions = sources.flatMap((buy, buyIndex) =>
      sources.flatMap((sell, sellIndex) => (buy === sell ? [] : [new Direction(buy, sell, buyIndex, sellIndex)])),
    )
  }

  /** @param rows - Current row of each source. */
  add(rows: Int32Array): void {
    this.rows++
    for (const direction of this.directions) direction.add(rows)
  }

  counts(): readonly CrossingCount[] {
    return this.directions.map(({ buy, sell, grossPositive, netPositive }) => ({
      buy: buy.name,
      sell: sell.name,
      rowsGrossPositive: grossPositive,
      rowsNetPositive: netPositive,
    }))
  }
}

class Direction {
  grossPositive = 0
  netPositive = 0
  private readonly bidWeight: bigint
  private readonly askWeight: bigint
  private readonly netBidWeight: bigint
  private readonly netAskWeight: bigint

  constructor(
    readonly buy: QuoteSeries,
    readonly sell: QuoteSeries,
    private readonly buyIndex: number,
    private readonly sellIndex: number,
  ) {
    const ask = buy.instrument.ticksToPrice(1)
    const bid = sell.instrument.ticksToPrice(1)
    const netAsk = ask.times(Decimal.one.plus(buy.instrument.fees.taker))
    const netBid = bid.times(Decimal.one.minus(sell.instrument.fees.taker))
    const unit = Decimal.of(1n, Math.max(netAsk.scale, netBid.scale))
    const weight = (price: Decimal): bigint => price.stepsOf(unit, 'exact')
    this.askWeight = weight(ask)
    this.bidWeight = weight(bid)
    this.netAskWeight = weight(netAsk)
    this.netBidWeight = weight(netBid)
  }

  add(rows: Int32Array): void {
    const ask = BigInt(this.buy.askTicks[rows[this.buyIndex]!]!)
    const bid = BigInt(this.sell.bidTicks[rows[this.sellIndex]!]!)
    if (bid * this.bidWeight > ask * this.askWeight) this.grossPositive++
    if (bid * this.netBidWeight > ask * this.netAskWeight) this.netPositive++
  }
}
