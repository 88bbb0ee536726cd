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
  ConformancePerpetual,
  ConformanceVenue,
  TrueBook,
  TrueLevel,
  TrueOrder,
  TrueTrade,
  VenueTruth,
} from '../conformance/conformance-venue.js'
import { ComponentRegistry } from '../factory/component-registry.js'
import { FactoryManager, type RegisterExchange } from '../factory/factory-manager.js'
import type { SimulatedBooks, SimulatedCore, SimulatedVenue } from './simulated-venue.js'
import { createSpoilingNetwork } from './spoiling-network.js'

export interface SimulatedConformanceOptions {
  readonly exchange: ExchangeId
  readonly registerExchange: RegisterExchange
  /** `BASE/QUOTE`, the only symbol of the venue; of its perpetuals where `isPerpetual` says so. */
  readonly symbol: string
  readonly isPerpetual?: boolean
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

/** The same as a perpetual; a contract is one step of the suite's quantities. */
export const conformancePerpetual = {
  base: 'ABC',
  quote: 'USDT',
  tickSize: '0.1',
  lotSize: '1',
  contractSize: '0.01',
  minNotional: '0',
  makerFee: '0.0002',
  takerFee: '0.0005',
  referencePrice: 100,
  maintenanceRate: '0.005',
  maxLeverage: 100,
  maxContracts: 1_000_000,
  priceDeviation: '0.5',
} as const

/** Starts a simulator and puts the connector in front of it. */
export async function createSimulatedConformanceVenue(
  venue: SimulatedVenue,
  options: SimulatedConformanceOptions,
): Promise<ConformanceVenue> {
  const { exchange, symbol } = options
  const marketType = options.isPerpetual === true ? 'futures' : 'spot'
  const market = marketOf(venue, options)
  const truth = new SimulatedTruth(market, options)
  const { origin, ws, futuresWs, apiKey, secret } = await venue.start()
  const manager = new FactoryManager(new ComponentRegistry(), () => ({
    clock: systemClock,
    network: createSpoilingNetwork(systemClock, systemRandom),
    random: systemRandom,
    logger: silentLogger,
    restUrl: origin,
    webSocketUrl: ws,
    credentials: { apiKey: { reveal: () => apiKey }, secret: { reveal: () => secret } },
    options: { ...options.options, ...(futuresWs !== undefined && { futuresWebSocketUrl: futuresWs }) },
  }))
  manager.register(options.registerExchange)
  const rules = market.core.symbols.get(market.symbol)!
  return {
    symbol: parseSymbol(symbol).symbol,
    truth,
    publicExchange: manager.publicExchange(exchange, marketType),
    privateExchange: manager.privateExchange(exchange, marketType),
    placeHouseOrder: (side, price, quantity) => {
      const placed = market.core.place({
        accountId: 'house',
        symbol: market.symbol,
        side,
        kind: 'limit',
        timeInForce: 'gtc',
        priceTicks: rules.toTicks(Decimal.parse(price)),
        quantityLots: rules.toLots(Decimal.parse(quantity).dividedBy(rules.contractSize, contractDecimals, 'exact')),
      } as never)
      if (!('order' in placed) || placed.order === undefined)
        throw new Error(`The house cannot ${side} ${quantity} at ${price}: ${JSON.stringify(placed)}`)
      return placed.order.id
    },
    cancelHouseOrder: (id) => {
      const order = market.core.order(id)
      if (order !== undefined) market.core.cancel(order as never)
    },
    ...(market.perpetual && { perpetual: market.perpetual }),
    inject: (fault) => venue.faults.add(ruleOf(fault, options) as never),
    clearFaults: () => venue.faults.clear(),
    close: async () => {
      await manager.close()
      await venue.close()
    },
  }
}

const contractDecimals = 12

/** The market that is examined. */
interface SimulatedMarket {
  /** As the simulator names it. */
  readonly symbol: string
  readonly core: SimulatedCore
  readonly perpetual: ConformancePerpetual | undefined
  books(): SimulatedBooks
  balances(): ReturnType<VenueTruth['balances']>
}

function marketOf(venue: SimulatedVenue, options: SimulatedConformanceOptions): SimulatedMarket {
  const { symbol: spotSymbol, accountId } = options
  if (options.isPerpetual !== true)
    return {
      symbol: spotSymbol,
      core: venue.core,
      perpetual: undefined,
      books: () => venue.truth(),
      balances: () => venue.truth().accounts[accountId]!,
    }
  const perpetuals = venue.perpetuals!
  const symbol = `${spotSymbol}:${spotSymbol.split('/')[1]}`
  const { contractSize } = perpetuals.core.symbols.get(symbol)!
  const truth = () => venue.truth().perpetuals!
  perpetuals.wake()
  return {
    symbol,
    core: perpetuals.core,
    books: truth,
    balances: () =>
      Object.fromEntries(
        Object.entries(truth().wallets[accountId]!).map(([asset, { total, available }]) => {
          const locked = Decimal.parse(total).minus(Decimal.parse(available)).toString()
          return [asset, { free: available, locked }]
        }),
      ),
    perpetual: {
      position: () => {
        const found = truth().positions.find((each) => each.accountId === accountId && each.symbol === symbol)
        if (found === undefined) return undefined
        const { contracts, entryPrice, leverage, realised } = found
        const quantity = Decimal.of(contracts).times(contractSize).toString()
        return { quantity, entryPrice, leverage, funding: realised.funding }
      },
      setFundingRate: (rate) => perpetuals.steer(symbol, { fundingRate: Decimal.parse(rate) }),
    },
  }
}

/** Remembers the book at every counter; quantities are in base. */
class SimulatedTruth implements VenueTruth {
  private readonly history = new Map<number, TrueBook>()
  private readonly contractSize: Decimal

  constructor(
    private readonly market: SimulatedMarket,
    private readonly options: SimulatedConformanceOptions,
  ) {
    this.contractSize = market.core.symbols.get(market.symbol)!.contractSize
    this.remember()
    market.core.listen({ onBookChange: () => this.remember() })
  }

  book(): TrueBook {
    const { sequence, bids, asks } = this.market.books().books[this.market.symbol]!
    const inBase = ([price, quantity]: TrueLevel): TrueLevel => [price, this.inBase(quantity)]
    return { sequence, bids: bids.map(inBase), asks: asks.map(inBase) }
  }

  bookAt(sequence: number): TrueBook | undefined {
    return this.history.get(sequence)
  }

  order(clientOrderId: string): TrueOrder | undefined {
    const { orders, openOrderIds } = this.market.books()
    const spelled = this.options.spellOrderId(clientOrderId)
    const order = orders.find((each) => each.clientOrderId === spelled && each.accountId === this.options.accountId)
    return (
      order && {
        ...order,
        side: order.side as Side,
        isOpen: openOrderIds.includes(order.id),
        filledQuantity: this.inBase(order.filledQuantity),
        fills: order.fills.map((fill) => ({ ...fill, quantity: this.inBase(fill.quantity) })),
      }
    )
  }

  openOrders(): number {
    const { orders, openOrderIds } = this.market.books()
    const open = new Set(openOrderIds)
    return orders.filter((each) => each.accountId === this.options.accountId && open.has(each.id)).length
  }

  balances(): ReturnType<VenueTruth['balances']> {
    return this.market.balances()
  }

  trades(): readonly TrueTrade[] {
    const { core, symbol } = this.market
    const rules = core.symbols.get(symbol)!
    return core.trades(symbol).map(({ priceTicks, lots, side }) => ({
      price: rules.price(priceTicks).toString(),
      quantity: this.inBase(rules.quantity(lots).toString()),
      side,
    }))
  }

  private inBase(quantity: string): string {
    return Decimal.parse(quantity).times(this.contractSize).toString()
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
