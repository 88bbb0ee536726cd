import type { UpstreamPlace } from './bridge-options.js'
import { invalidOrder } from './bridge-refusal.js'

/** What a client means by `exchange` and `market`. */
export interface MappedMarket {
  readonly exchange: string
  /** As the client spells it. */
  readonly market: string
  readonly place: UpstreamPlace
  /** `BASE-QUOTE` */
  readonly pair: string
}

/** Translates the protocol's names into the upstream's. */
export class ExchangeMap {
  constructor(
    private readonly exchanges: Readonly<Record<string, UpstreamPlace>>,
    private readonly symbols: Readonly<Record<string, string>> = {},
  ) {}

  /** @throws BridgeRefusal The exchange is not mapped. */
  place(exchange: unknown): UpstreamPlace {
    if (typeof exchange !== 'string' || exchange === '') throw invalidOrder('Exchange is required')
    const place = Object.hasOwn(this.exchanges, exchange) ? this.exchanges[exchange] : undefined
    if (place === undefined) throw invalidOrder(`Exchange ${exchange} not supported`)
    return place
  }

  /** @throws BridgeRefusal The exchange is not mapped, or the market is empty. */
  market(exchange: unknown, market: unknown): MappedMarket {
    const place = this.place(exchange)
    if (typeof market !== 'string' || market === '') throw invalidOrder('Market is required')
    const own = Object.hasOwn(this.symbols, market) ? this.symbols[market] : undefined
    return { exchange: exchange as string, market, place, pair: own ?? market.toUpperCase().replace(/[/_]/g, '-') }
  }

  /** The protocol's name of an account and connector; `undefined` when none is mapped to it. */
  exchangeOf({ accountName, connectorName }: UpstreamPlace): string | undefined {
    return Object.entries(this.exchanges).find(
      ([, place]) => place.accountName === accountName && place.connectorName === connectorName,
    )?.[0]
  }
}
