import { Decimal, bpsPerUnit } from '@cex-arbitrage/common'
import { compareRatios, medianOfSorted, roundRatio, type ExactRatio } from './exact-ratio.js'
import type { CapturedQuote } from './quote-capture.js'

/** A capture with the name under which the report shows it, `mexc:spot:LUNC/USDT`. */
export interface CaptureSource {
  readonly name: string
  /** Ascending by time. */
  readonly quotes: AsyncIterable<CapturedQuote>
}

/** Buying on one capture and selling on the other. Basis points are rounded to 8 decimals, half away from zero. */
export interface ScanDirection {
  readonly buy: string
  readonly sell: string
  /** Rows with (bid − ask) / ask above zero. */
  readonly rowsGrossPositive: number
  /** Rows with (bid × (1 − fee) − ask × (1 + fee)) / ask above zero. */
  readonly rowsNetPositive: number
  /** `null` without any row, as the median. */
  readonly bestNetBps: number | null
  /** Over all rows; of an even number the mean of the two middle values. */
  readonly medianGrossBps: number | null
  /** Times of the first and last row that is net positive; `null` where none is. */
  readonly firstPositiveMs: number | null
  readonly lastPositiveMs: number | null
}

export interface ScanReport {
  /** Distinct timestamps at which all captures had quoted. */
  readonly rows: number
  readonly directions: readonly ScanDirection[]
}

const reportedDecimals = 8

/**
 * Compares captures of best quotes: once per distinct timestamp of their union, all quotes of that timestamp applied
 * first, with the last known quote of each, from the first timestamp at which every one has quoted. Exact arithmetic.
 *
 * @param feeBps - Taken on both sides of every trade, basis points of the notional.
 * @throws RangeError with fewer than two captures.
 */
export async function scanCaptures(sources: readonly CaptureSource[], feeBps: Decimal): Promise<ScanReport> {
  if (sources.length < 2) throw new RangeError(`A scan compares at least two captures, not ${sources.length}.`)
  const directions = sources.flatMap((buy, buyIndex) =>
    sources.flatMap((sell, sellIndex) =>
      buyIndex === sellIndex ? [] : [new DirectionTally(buy.name, sell.name, buyIndex, sellIndex, feeBps)],
    ),
  )
  let rows = 0
  for await (const { timestampMs, quotes } of mergeByTimestamp(sources)) {
    rows++
    for (const direction of directions) direction.add(timestampMs, quotes)
  }
  return { rows, directions: directions.map((direction) => direction.report()) }
}

interface MergedQuotes {
  readonly timestampMs: number
  /** The last known quote of each source; reused for the next timestamp. */
  readonly quotes: readonly CapturedQuote[]
}

/** Every distinct timestamp once, ascending, with all its quotes applied, from the first at which all sources have quoted. */
async function* mergeByTimestamp(sources: readonly CaptureSource[]): AsyncGenerator<MergedQuotes, void, undefined> {
  const iterators = sources.map(({ quotes }) => quotes[Symbol.asyncIterator]())
  const latest: CapturedQuote[] = []
  let missing = sources.length
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()))
    for (;;) {
      const timestampMs = heads.reduce(
        (least, head) => (head.done === true ? least : Math.min(least, head.value.timestampMs)),
        Number.POSITIVE_INFINITY,
      )
      if (timestampMs === Number.POSITIVE_INFINITY) return
      for (let i = 0; i < heads.length; i++) {
        for (let head = heads[i]!; head.done !== true && head.value.timestampMs === timestampMs; head = heads[i]!) {
          if (latest[i] === undefined) missing--
          latest[i] = head.value
          heads[i] = await iterators[i]!.next()
        }
      }
      if (missing === 0) yield { timestampMs, quotes: latest }
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.()
  }
}

/** What one direction comes to. Gross and net both grow with bid / ask, so that ratio is all that is kept of a row. */
class DirectionTally {
  private readonly ratios: ExactRatio[] = []
  private readonly gained: Decimal
  private readonly paid: Decimal
  private grossPositive = 0
  private netPositive = 0
  private firstPositiveMs: number | null = null
  private lastPositiveMs: number | null = null

  constructor(
    private readonly buy: string,
    private readonly sell: string,
    private readonly buyIndex: number,
    private readonly sellIndex: number,
    feeBps: Decimal,
  ) {
    const fee = feeBps.times(Decimal.of(1n, 4))
    this.gained = Decimal.one.minus(fee)
    this.paid = Decimal.one.plus(fee)
  }

  add(timestampMs: number, quotes: readonly CapturedQuote[]): void {
    const ask = quotes[this.buyIndex]!.askPrice
    const bid = quotes[this.sellIndex]!.bidPrice
    if (bid.greaterThan(ask)) this.grossPositive++
    if (bid.times(this.gained).greaterThan(ask.times(this.paid))) {
      this.netPositive++
      this.firstPositiveMs ??= timestampMs
      this.lastPositiveMs = timestampMs
    }
    this.ratios.push(ratioOf(bid, ask))
  }

  report(): ScanDirection {
    const sorted = this.ratios.toSorted(compareRatios)
    const best = sorted.at(-1)
    const median = medianOfSorted(sorted)
    return {
      buy: this.buy,
      sell: this.sell,
      rowsGrossPositive: this.grossPositive,
      rowsNetPositive: this.netPositive,
      bestNetBps: best === undefined ? null : toBps(best, this.gained, this.paid),
      medianGrossBps: median === undefined ? null : toBps(median, Decimal.one, Decimal.one),
      firstPositiveMs: this.firstPositiveMs,
      lastPositiveMs: this.lastPositiveMs,
    }
  }
}

/** bid / ask. */
function ratioOf(bid: Decimal, ask: Decimal): ExactRatio {
  const unit = Decimal.of(1n, Math.max(bid.scale, ask.scale))
  return { numerator: bid.stepsOf(unit, 'exact'), denominator: ask.stepsOf(unit, 'exact') }
}

/** (bid / ask × gained − paid) in basis points. */
function toBps(ratio: ExactRatio, gained: Decimal, paid: Decimal): number {
  const unit = Decimal.of(1n, Math.max(gained.scale, paid.scale))
  const one = 10n ** BigInt(unit.scale)
  const gain = ratio.numerator * gained.stepsOf(unit, 'exact')
  const cost = ratio.denominator * paid.stepsOf(unit, 'exact')
  return roundRatio(
    { numerator: (gain - cost) * BigInt(bpsPerUnit), denominator: ratio.denominator * one },
    reportedDecimals,
  )
}
