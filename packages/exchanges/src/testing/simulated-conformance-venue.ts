import {
  Decimal,
  parseSymbol,
  silentLogger,
  systemClock,
  systemRandom,
  type ExchangeId,
  type Side,
} from '@cex-arbitrage/common'
import type {
  ConformanceFault,
  ConformanceVenue,
  TrueBook,
  TrueOrder,
  TrueTrade,
  VenueTruth,
} from '../conformance/conformance-venue.js'
import { ComponentRegistry } from '../factory/component-registry.js'
import { FactoryManager, type RegisterExchange } from '../factory/factory-manager.js'
import { createSpoilingNetwork } from './spoiling-network.js'

interface HouseOrder {
  readonly id: string
}
interface SimulatedOrder {
  readonly id: string
  readonly clientOrderId: string | null
  readonly accountId: string
  readonly side: string
  readonly filledQuantity: string
  readonly filledNotional: string
  readonly fills: TrueOrder['fills']
}

/** The part of a venue simulator that conformance needs; simulators are no dependency of this package's code. */
export interface SimulatedVenue {
  start(): Promise<{ readonly origin: string; readonly ws: string; readonly apiKey: string; readonly secret: string }>
  close(): Promise<void>
  truth(): {
    readonly books: Readonly<Record<string, TrueBook>>
    readonly orders: readonly SimulatedOrder[]
    readonly openOrderIds: readonly string[]
    readonly accounts: Readonly<
      Record<string, Readonly<Record<string, { readonly free: string; readonly locked: string }>>>
    >
  }
  readonly faults: { add(rule: never): unknown; clear(): void }
  readonly core: {
    readonly symbols: ReadonlyMap<
      string,
      {
        toTicks(price: Decimal): number | undefined
        toLots(quantity: Decimal): number | undefined
        price(ticks: number): Decimal
        quantity(lots: number): Decimal
      }
    >
    listen(listener: { onBookChange?(change: { readonly symbol: string }): void }): void
    place(input: never): { readonly order?: HouseOrder } | object
    order(id: string): HouseOrder | undefined
    cancel(order: never): boolean
    trades(symbol: string): readonly { readonly priceTicks: number; readonly lots: number; readonly side: Side }[]
  }
}

export interface SimulatedConformanceOptions {
  readonly exchange: ExchangeId
  readonly registerExchange: RegisterExchange
  /** `BASE/QUOTE`, the only symbol of the venue. */
  readonly symbol: string
  /** Id of the trader's account. */
  readonly accountId: string
  /** The simulator's words. */
  readonly bookChannel: string
  /** How it spells our order id. */
  readonly spellOrderId: (clientOrderId: string) => string
  readonly placeRoute: string
  /** The connector's options. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** What `SymbolSpec` of a simulator must be for the suite: prices around 100 in 0.1, quantities in 0.01. */
export const conformanceSymbol = {
  base: 'ABC',
  quote: 'USDT',
  tickSize: '0.1',
  lotSize: '0.01',
  minNotional: '5',
  makerFee: '0.001',
  takerFee: '0.002',
  referencePrice: 100,
} as const

/** Starts a simulator and puts the connector in front of it. */
export async function createSimulatedConformanceVenue(
  venue: SimulatedVenue,
  options: SimulatedConformanceOptions,
): Promise<ConformanceVenue> {
  const { exchange, symbol } = options
  const truth = new SimulatedTruth(venue, options)
  const { origin, ws, apiKey, secret } = await venue.start()
  const manager = new FactoryManager(new ComponentRegistry(), () => ({
    clock: systemClock,
    network: createSpoilingNetwork(systemClock, systemRandom),
    random: systemRandom,
    logger: silentLogger,
    restUrl: origin,
    webSocketUrl: ws,
    credentials: { apiKey: { reveal: () => apiKey }, secret: { reveal: () => secret } },
    ...(options.options && { options: options.options }),
  }))
  manager.register(options.registerExchange)
  const rules = venue.core.symbols.get(symbol)!
  return {
    symbol: parseSymbol(symbol).symbol,
    truth,
    publicExchange: manager.publicExchange(exchange, 'spot'),
    privateExchange: manager.privateExchange(exchange, 'spot'),
    placeHouseOrder: (side, price, quantity) => {
      const placed = venue.core.place({
        accountId: 'house',
        symbol,
        side,
        kind: 'limit',
        timeInForce: 'gtc',
        priceTicks: rules.toTicks(Decimal.parse(price)),
        quantityLots: rules.toLots(Decimal.parse(quantity)),
      } as never)
      if (!('order' in placed) || placed.order === undefined)
        throw new Error(`The house cannot ${side} ${quantity} at ${price}: ${JSON.stringify(placed)}`)
      return placed.order.id
    },
    cancelHouseOrder: (id) => {
      const order = venue.core.order(id)
      if (order !== undefined) venue.core.cancel(order as never)
    },
    inject: (fault) => venue.faults.add(ruleOf(fault, options) as never),
    clearFaults: () => venue.faults.clear(),
    close: async () => {
      await manager.close()
      await venue.close()
    },
  }
}

/** Remembers the book at every counter. */
class SimulatedTruth implements VenueTruth {
  private readonly history = new Map<number, TrueBook>()

  constructor(
    private readonly venue: SimulatedVenue,
    private readonly options: SimulatedConformanceOptions,
  ) {
    this.remember()
    venue.core.listen({ onBookChange: () => this.remember() })
  }

  book(): TrueBook {
    return this.venue.truth().books[this.options.symbol]!
  }

  bookAt(sequence: number): TrueBook | undefined {
    return this.history.get(sequence)
  }

  order(clientOrderId: string): TrueOrder | undefined {
    const { orders, openOrderIds } = this.venue.truth()
    const spelled = this.options.spellOrderId(clientOrderId)
    const order = orders.find((each) => each.clientOrderId === spelled && each.accountId === this.options.accountId)
    return order && { ...order, side: order.side as Side, isOpen: openOrderIds.includes(order.id) }
  }

  openOrders(): number {
    const { orders, openOrderIds } = this.venue.truth()
    const open = new Set(openOrderIds)
    return orders.filter((each) => each.accountId === this.options.accountId && open.has(each.id)).length
  }

  balances(): ReturnType<VenueTruth['balances']> {
    return this.venue.truth().accounts[this.options.accountId]!
  }

  trades(): readonly TrueTrade[] {
    const rules = this.venue.core.symbols.get(this.options.symbol)!
    return this.venue.core.trades(this.options.symbol).map(({ priceTicks, lots, side }) => ({
      price: rules.price(priceTicks).toString(),
      quantity: rules.quantity(lots).toString(),
      side,
    }))
  }

  private remember(): void {
    const book = this.book()
    this.history.set(book.sequence, book)
  }
}

function ruleOf(fault: ConformanceFault, options: SimulatedConformanceOptions): object {
  const books = { channel: options.bookChannel, scope: 'public' }
  const placement = { route: options.placeRoute, count: 1 }
  switch (fault.kind) {
    case 'drop':
    case 'duplicate':
    case 'reorder':
    case 'truncate':
      return { ...books, kind: fault.kind, probability: fault.probability }
    case 'delay':
      return { ...books, kind: 'delay', probability: fault.probability, delayMs: 30 }
    case 'gap':
      return { ...books, kind: 'gap', count: fault.count }
    case 'stall':
      return { kind: 'stall', scope: 'public' }
    case 'disconnect':
      return { kind: 'disconnect', scope: fault.scope, count: 1 }
    case 'lost_acknowledgement':
      return { ...placement, kind: 'lost_acknowledgement', mode: fault.mode }
    case 'error_after_accept':
      return { ...placement, kind: 'error_after', status: 502 }
    case 'rate_limited':
      return { ...placement, kind: 'rate_limited' }
    case 'clock_skew':
      return { kind: 'clock_skew', offsetMs: fault.offsetMs }
  }
}
