import {
  ConfigurationException,
  InvariantBrokenException,
  type AssetId,
  type Instrument,
  type InstrumentId,
} from '@cex-arbitrage/common'
import type { ExchangeCapabilities, OrderGateway, PrivateExchange } from '@cex-arbitrage/exchanges'
import { accountOf, type AccountId } from '../types/account-id.js'
import type { TradingVenue } from '../types/trading-venue.js'

/** Which venue trades which instrument. */
export class VenueDirectory {
  private readonly byInstrument = new Map<InstrumentId, TradingVenue>()
  private readonly instruments = new Map<InstrumentId, Instrument>()

  /** @throws {@link ConfigurationException} A venue keeps no immediate orders, of which every trade is made. */
  constructor(readonly venues: readonly TradingVenue[]) {
    for (const { exchange, privateExchange } of venues)
      if (!privateExchange.capabilities.timesInForce.includes('ioc'))
        throw new ConfigurationException({
          exchange,
          message: `${exchange} takes no immediate-or-cancel orders, and its gateway does not stand in for them. Trade elsewhere.`,
        })
    for (const venue of venues)
      for (const instrument of venue.instruments) {
        this.byInstrument.set(instrument.id, venue)
        this.instruments.set(instrument.id, instrument)
      }
  }

  get all(): readonly Instrument[] {
    return [...this.instruments.values()]
  }

  instrument(id: InstrumentId): Instrument | undefined {
    return this.instruments.get(id)
  }

  gateway(id: InstrumentId): OrderGateway | undefined {
    return this.byInstrument.get(id)?.privateExchange.orders
  }

  /** @throws {@link InvariantBrokenException} No venue trades the instrument. */
  venueOf(instrument: Instrument): TradingVenue {
    const venue = this.byInstrument.get(instrument.id)
    if (venue === undefined)
      throw new InvariantBrokenException({
        exchange: instrument.exchange,
        message: `No venue trades ${instrument.id}. Configure the instrument before planning with it.`,
      })
    return venue
  }

  capabilities(instrument: Instrument): ExchangeCapabilities {
    return this.venueOf(instrument).privateExchange.capabilities
  }

  /** What makes up an account. */
  privateExchangesOf(account: AccountId): readonly PrivateExchange[] {
    const all = this.venues.map(({ privateExchange }) => privateExchange)
    return [...new Set(all.filter((privateExchange) => accountOf(privateExchange) === account))]
  }

  instrumentsOf(account: AccountId): readonly Instrument[] {
    return this.all.filter((instrument) => accountOf(instrument) === account)
  }

  /** Instruments of an account through which an asset moves. */
  touching(account: AccountId, assets: readonly AssetId[]): readonly Instrument[] {
    return this.instrumentsOf(account).filter(({ base, quote }) => assets.includes(base) || assets.includes(quote))
  }
}
