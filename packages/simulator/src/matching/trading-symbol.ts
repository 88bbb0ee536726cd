import { Decimal } from '@cex-arbitrage/common'

/** The trading rules of one pair on one venue, as plain text so that they can come from a file. */
export interface SymbolSpec {
  readonly base: string
  readonly quote: string
  /** Smallest price step, quote per base. */
  readonly tickSize: string
  /** Smallest quantity step, base; contracts of a perpetual. */
  readonly lotSize: string
  /** Base per contract; makes this a perpetual whose quantities are contracts. */
  readonly contractSize?: string
  /** Smallest order value, quote. */
  readonly minNotional: string
  /** Largest order value, quote; none when absent. */
  readonly maxNotional?: string
  /** Smallest order quantity, base; one lot when absent. */
  readonly minQuantity?: string
  /** Fraction of the received or quote amount, `0.001` = 10 bps; negative is a rebate. */
  readonly makerFee: string
  readonly takerFee: string
  /** Quote per base around which the synthetic market moves. */
  readonly referencePrice: number
  /** Whether orders are accepted; `true` when absent. */
  readonly tradable?: boolean
}

/** One pair or perpetual with its rules in exact form: prices are integer ticks, quantities integer lots. */
export class TradingSymbol {
  /** `BASE/QUOTE`; of a perpetual `BASE/QUOTE:QUOTE`, the part after the colon being what it settles in. */
  readonly name: string
  readonly base: string
  readonly quote: string
  readonly tickSize: Decimal
  readonly lotSize: Decimal
  /** Base per unit of quantity: 1, or what a contract holds. */
  readonly contractSize: Decimal
  readonly minNotional: Decimal
  readonly maxNotional: Decimal | undefined
  readonly minQuantity: Decimal
  readonly makerFee: Decimal
  readonly takerFee: Decimal
  readonly referencePrice: number
  readonly priceDecimals: number
  readonly quantityDecimals: number
  tradable: boolean
  private readonly unit: Decimal

  /** @throws TypeError when a number of the spec is no decimal. */
  constructor(readonly spec: SymbolSpec) {
    this.base = spec.base
    this.quote = spec.quote
    const settled = spec.contractSize === undefined ? '' : `:${spec.quote}`
    this.name = `${spec.base}/${spec.quote}${settled}`
    this.tickSize = Decimal.parse(spec.tickSize)
    this.lotSize = Decimal.parse(spec.lotSize)
    this.contractSize = Decimal.parse(spec.contractSize ?? '1')
    this.minNotional = Decimal.parse(spec.minNotional)
    this.maxNotional = spec.maxNotional === undefined ? undefined : Decimal.parse(spec.maxNotional)
    this.minQuantity = spec.minQuantity === undefined ? this.lotSize : Decimal.parse(spec.minQuantity)
    this.makerFee = Decimal.parse(spec.makerFee)
    this.takerFee = Decimal.parse(spec.takerFee)
    this.referencePrice = spec.referencePrice
    this.priceDecimals = this.tickSize.decimals
    this.quantityDecimals = this.lotSize.decimals
    this.tradable = spec.tradable ?? true
    this.unit = this.tickSize.times(this.lotSize).times(this.contractSize)
  }

  /** Ticks of a price on the grid; `undefined` when it is off the grid, not positive or too large to be exact. */
  toTicks(price: Decimal): number | undefined {
    return wholeSteps(price, this.tickSize)
  }

  /** Lots of a quantity on the grid; `undefined` when it is off the grid, not positive or too large to be exact. */
  toLots(quantity: Decimal): number | undefined {
    return wholeSteps(quantity, this.lotSize)
  }

  price(ticks: number): Decimal {
    return Decimal.of(BigInt(ticks) * this.tickSize.mantissa, this.tickSize.scale)
  }

  quantity(lots: number): Decimal {
    return Decimal.of(BigInt(lots) * this.lotSize.mantissa, this.lotSize.scale)
  }

  /** Value of `lots` at `ticks`, quote, exact. */
  notional(ticks: number, lots: number): Decimal {
    return Decimal.of(BigInt(ticks) * BigInt(lots) * this.unit.mantissa, this.unit.scale)
  }

  /** How many lots `budget` (quote) buys at `ticks`. */
  lotsFor(budget: Decimal, ticks: number): number {
    return Number(budget.stepsOf(this.notional(ticks, 1), 'down'))
  }
}

function wholeSteps(value: Decimal, step: Decimal): number | undefined {
  if (value.sign <= 0) return undefined
  const steps = value.stepsOf(step, 'down')
  if (steps > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  return Decimal.of(steps * step.mantissa, step.scale).equals(value) ? Number(steps) : undefined
}
