import { Decimal, type Clock, type Fill, type Instrument, type InstrumentId } from '@cex-arbitrage/common'
import type { FundingPayment, FundingPaymentQuery, Position, PositionDesk } from '@cex-arbitrage/exchanges'
import type { SimulatedAccount } from './simulated-account.js'

interface HeldContracts {
  contracts: Decimal
  entryPrice: Decimal
  margin: Decimal
}

const flat = (): HeldContracts => ({ contracts: Decimal.zero, entryPrice: Decimal.zero, margin: Decimal.zero })

/** Places that the simulated exchange keeps of average prices and margins. */
const keptDecimals = 12

/** One-way positions of a simulated account with isolated margin; results and funding go to its wallet. */
export class SimulatedPositions implements PositionDesk {
  private readonly held = new Map<InstrumentId, HeldContracts>()
  private readonly leverages = new Map<InstrumentId, number>()
  private readonly payments: FundingPayment[] = []

  constructor(
    private readonly account: SimulatedAccount,
    private readonly clock: Clock,
  ) {}

  contractsOf({ id }: Instrument): Decimal {
    return this.of(id).contracts
  }

  leverageOf({ id }: Instrument): number {
    return this.leverages.get(id) ?? 1
  }

  /** Books a fill: the margin of what grows is locked, what shrinks gives it back and pays its result. */
  take({ side, quantity, price }: Fill, instrument: Instrument): void {
    const held = this.of(instrument.id)
    const change = side === 'buy' ? quantity : quantity.negated()
    const isGrowing = held.contracts.sign * change.sign >= 0
    const closed = isGrowing ? Decimal.zero : Decimal.min(held.contracts.abs(), quantity)
    if (!closed.isZero) this.close(held, instrument, closed, price)
    const grown = quantity.minus(closed)
    if (!grown.isZero) this.grow(held, instrument, change.sign > 0 ? grown : grown.negated(), price)
    this.held.set(instrument.id, held)
  }

  /** Somebody else trades on the account. */
  set(instrument: Instrument, contracts: string, entryPrice = '100'): void {
    this.held.set(instrument.id, {
      contracts: Decimal.parse(contracts),
      entryPrice: Decimal.parse(entryPrice),
      margin: Decimal.zero,
    })
  }

  /** The margin of a position melts away, or is put in. */
  setMargin(instrument: Instrument, margin: string): void {
    this.of(instrument.id).margin = Decimal.parse(margin)
  }

  /** Settles funding: positive is received. */
  settleFunding(instrument: Instrument, amount: string): void {
    const payment: FundingPayment = {
      id: `funding-${this.payments.length + 1}`,
      instrument,
      asset: instrument.quote,
      amount: Decimal.parse(amount),
      atMs: this.clock.nowMs(),
    }
    this.payments.push(payment)
    this.account.credit(payment.asset, payment.amount)
  }

  positionOf(instrument: Instrument): Position {
    const { contracts, entryPrice, margin } = this.of(instrument.id)
    return {
      instrument,
      quantity: contracts,
      entryPrice: contracts.isZero ? undefined : entryPrice,
      markPrice: undefined,
      liquidationPrice: undefined,
      margin,
      unrealisedProfit: undefined,
      leverage: this.leverageOf(instrument),
    }
  }

  fetchPositions(instruments: readonly Instrument[]): Promise<readonly Position[]> {
    return Promise.resolve(instruments.map((instrument) => this.positionOf(instrument)))
  }

  setLeverage({ id }: Instrument, leverage: number): Promise<void> {
    this.leverages.set(id, leverage)
    return Promise.resolve()
  }

  fetchFundingPayments({ instrument, fromMs }: FundingPaymentQuery): Promise<readonly FundingPayment[]> {
    return Promise.resolve(
      this.payments.filter((payment) => payment.instrument.id === instrument.id && payment.atMs >= fromMs),
    )
  }

  private of(id: InstrumentId): HeldContracts {
    let held = this.held.get(id)
    if (held === undefined) this.held.set(id, (held = flat()))
    return held
  }

  private close(held: HeldContracts, instrument: Instrument, closed: Decimal, price: Decimal): void {
    const { contractSize, quote } = instrument
    const signed = held.contracts.sign > 0 ? closed : closed.negated()
    const freed = held.margin.times(closed).dividedBy(held.contracts.abs(), keptDecimals, 'down')
    this.account.lock(quote, freed.negated())
    held.margin = held.margin.minus(freed)
    this.account.credit(quote, signed.times(contractSize).times(price.minus(held.entryPrice)))
    held.contracts = held.contracts.minus(signed)
  }

  private grow(held: HeldContracts, instrument: Instrument, grown: Decimal, price: Decimal): void {
    const { contractSize, quote } = instrument
    const leverage = Decimal.of(this.leverageOf(instrument))
    const margin = grown.abs().times(contractSize).times(price).dividedBy(leverage, keptDecimals, 'up')
    this.account.lock(quote, margin)
    held.margin = held.margin.plus(margin)
    const cost = held.entryPrice.times(held.contracts.abs()).plus(price.times(grown.abs()))
    held.contracts = held.contracts.plus(grown)
    held.entryPrice = cost.dividedBy(held.contracts.abs(), keptDecimals, 'down')
  }
}
