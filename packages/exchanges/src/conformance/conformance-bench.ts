import {
  asClientOrderId,
  asCorrelationId,
  Decimal,
  type Balance,
  type ClientOrderId,
  type Fill,
  type Instrument,
  type LimitOrderRequest,
  type OrderAcknowledgement,
  type OrderBook,
  type OrderRequest,
  type OrderUpdate,
  type RiskApproved,
  type Side,
  type Trade,
} from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { SubmitOptions } from '../interfaces/order-gateway.js'
import type { Position } from '../structs/position.js'
import type { ConformanceVenue } from './conformance-venue.js'
import { expectTrueBook, isCurrent } from './truth-checks.js'

/** What the suites place orders with. */
export const defaultSubmit: SubmitOptions = { ackTimeoutMs: 3_000, purpose: 'open' }
const waitMs = 8_000
/** Decimals that a quantity in contracts may need. */
const contractDecimals = 12

/** One venue in use by one test: what it lists, what its streams have told, and orders of round numbers. */
export class ConformanceBench {
  readonly orders: OrderUpdate[] = []
  readonly fills: Fill[] = []
  readonly balances = new Map<string, Balance>()
  readonly positions: Position[] = []
  readonly trades: Trade[] = []
  connections = 0
  disconnections = 0
  /** Books seen while trusted, each checked against the truth. */
  checkedBooks = 0
  /** The first check that failed; a listener must not throw. */
  failure: unknown
  private nextId = 0

  private constructor(
    readonly venue: ConformanceVenue,
    readonly instrument: Instrument,
  ) {}

  static async create(venue: ConformanceVenue): Promise<ConformanceBench> {
    const instruments = await venue.publicExchange.fetchInstruments()
    const instrument = instruments.find((each) => each.symbol === venue.symbol)
    if (instrument === undefined) throw new Error(`The venue does not list ${venue.symbol}.`)
    return new ConformanceBench(venue, instrument)
  }

  get book(): OrderBook {
    return this.venue.publicExchange.marketData.book(this.instrument.id)!
  }

  /** Follows the book and trades, and compares every trusted book with the truth from then on. */
  async follow(): Promise<void> {
    const { publicExchange, truth } = this.venue
    const { streamedDepth } = publicExchange.capabilities
    publicExchange.marketData.addListener({
      onBook: (book) => {
        if (book.trust !== 'trusted' || this.failure !== undefined) return
        try {
          expectTrueBook(book, truth, streamedDepth)
          this.checkedBooks++
        } catch (error) {
          this.failure = error
        }
      },
      onTrade: (trade) => this.trades.push(trade),
    })
    await publicExchange.marketData.subscribe([this.instrument])
    // A book that moves is loaded at once, a quiet one after seconds.
    this.venue.cancelHouseOrder(this.venue.placeHouseOrder('buy', '90', '1'))
  }

  /** Waits until the followed book stands where the venue stands. */
  async bookIsCurrent(): Promise<void> {
    await this.until(() => isCurrent(this.book, this.venue.truth.book()), 'the book to be current')
    if (this.failure !== undefined) throw this.failure as Error
  }

  /** Opens the account's stream and keeps what it tells. */
  async openAccount(): Promise<void> {
    await this.venue.privateExchange.account.open([this.instrument], {
      onOrder: (update) => void this.orders.push(update),
      onFill: (fill) => void this.fills.push(fill),
      onBalance: (balance) => void this.balances.set(balance.asset, balance),
      onPosition: (position) => void this.positions.push(position),
      onConnected: () => void this.connections++,
      onDisconnected: () => void this.disconnections++,
    })
  }

  until(condition: () => boolean | Promise<boolean>, what: string, timeoutMs = waitMs): Promise<void> {
    return waitFor(condition, what, timeoutMs)
  }

  mintId(): ClientOrderId {
    return asClientOrderId(`conf${++this.nextId}`)
  }

  limit(
    side: Side,
    price: string,
    quantity: string,
    execution: LimitOrderRequest['execution'] = { timeInForce: 'gtc', postOnly: false },
  ): LimitOrderRequest {
    return {
      ...this.head(),
      type: 'limit',
      side,
      priceTicks: this.instrument.priceToTicks(Decimal.parse(price), 'exact'),
      quantityLots: this.lotsOf(quantity),
      execution,
    }
  }

  marketBuy(quoteAmount: string): OrderRequest {
    return { ...this.head(), type: 'market', side: 'buy', quoteAmount: Decimal.parse(quoteAmount) }
  }

  marketSell(quantity: string): OrderRequest {
    return { ...this.head(), type: 'market', side: 'sell', quantityLots: this.lotsOf(quantity) }
  }

  /** Submits past the risk gate, which these suites stand in for. */
  submit(order: OrderRequest, options = defaultSubmit): Promise<OrderAcknowledgement> {
    return this.venue.privateExchange.orders.submitOrder(order as RiskApproved<OrderRequest>, options)
  }

  /** Submits and gives what it was refused with. @throws Error when it was not. */
  async refusal(order: OrderRequest, options = defaultSubmit): Promise<unknown> {
    try {
      await this.submit(order, options)
    } catch (error) {
      return error
    }
    throw new Error(`Order ${order.clientOrderId} was taken and should have been refused.`)
  }

  /** @param quantity - In base, whatever the exchange counts in. */
  private lotsOf(quantity: string): number {
    const { contractSize } = this.instrument
    const counted = Decimal.parse(quantity).dividedBy(contractSize, contractDecimals, 'exact')
    return this.instrument.quantityToLots(counted, 'exact')
  }

  private head() {
    return { instrument: this.instrument, clientOrderId: this.mintId(), correlationId: asCorrelationId('conformance') }
  }
}
