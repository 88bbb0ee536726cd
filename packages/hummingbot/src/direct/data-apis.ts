import { z } from 'zod'
import { createInnerFailure } from './api-error.js'
import * as schemas from './api-schemas.js'
import type { ApiTransport } from './api-transport.js'
import type { HummingbotApiFilter } from './trading-api.js'

/** Which book, and what of it is asked. */
export interface HummingbotApiBookQuery {
  readonly connector_name: string
  readonly trading_pair: string
  readonly is_buy: boolean
}

/** Prices, books and candles (`/market-data`). All but the pair changes only read. */
export class MarketDataApi {
  constructor(private readonly transport: ApiTransport) {}

  /** Last traded prices; a pair without one is `null`. */
  fetchPrices(connectorName: string, pairs: readonly string[]) {
    return this.transport.query('/market-data/prices', schemas.pricesSchema, {
      connector_name: connectorName,
      trading_pairs: pairs,
    })
  }

  /** @param depth - Levels a side, 1 to 1,000. The time is the server's, not the exchange's. */
  fetchOrderBook(connectorName: string, pair: string, depth = 10): Promise<schemas.HummingbotApiOrderBook> {
    return this.transport.query('/market-data/order-book', schemas.apiOrderBookSchema, {
      connector_name: connectorName,
      trading_pair: pair,
      depth,
    })
  }

  /** @param volume - In base, decimal text. */
  fetchPriceForVolume(query: HummingbotApiBookQuery, volume: string) {
    return this.transport.query('/market-data/order-book/price-for-volume', schemas.bookQuerySchema, {
      ...query,
      volume,
    })
  }

  fetchVolumeForPrice(query: HummingbotApiBookQuery, price: string) {
    return this.transport.query('/market-data/order-book/volume-for-price', schemas.bookQuerySchema, {
      ...query,
      price,
    })
  }

  fetchVwapForVolume(query: HummingbotApiBookQuery, volume: string) {
    return this.transport.query('/market-data/order-book/vwap-for-volume', schemas.bookQuerySchema, {
      ...query,
      volume,
    })
  }

  /** Only for perpetual pairs. */
  fetchFundingInfo(connectorName: string, pair: string) {
    return this.transport.query('/market-data/funding-info', schemas.fundingInfoSchema, {
      connector_name: connectorName,
      trading_pair: pair,
    })
  }

  /** The newest candles. The first call for a pair can take up to 30 s. */
  fetchCandles(connectorName: string, pair: string, interval = '1m', maxRecords = 500) {
    return this.transport.query('/market-data/candles', z.array(schemas.candleSchema), {
      connector_name: connectorName,
      trading_pair: pair,
      interval,
      max_records: maxRecords,
    })
  }

  /** @param range - Unix seconds. */
  fetchHistoricalCandles(
    connectorName: string,
    pair: string,
    interval: string,
    range: { readonly start_time: number; readonly end_time: number },
  ) {
    return this.transport.query('/market-data/historical-candles', z.array(schemas.candleSchema), {
      connector_name: connectorName,
      trading_pair: pair,
      interval,
      ...range,
    })
  }

  /** Starts a pair's book in a connector. @throws {@link HummingbotException} also where the server says so in a 200. */
  async addTradingPair(connectorName: string, pair: string, accountName?: string): Promise<void> {
    await this.changePair('add', connectorName, pair, accountName)
  }

  async removeTradingPair(connectorName: string, pair: string, accountName?: string): Promise<void> {
    await this.changePair('remove', connectorName, pair, accountName)
  }

  private async changePair(what: 'add' | 'remove', connectorName: string, pair: string, account?: string) {
    const path = `/market-data/trading-pair/${what}`
    const answer = await this.transport.command('POST', path, schemas.pairChangeSchema, {
      connector_name: connectorName,
      trading_pair: pair,
      ...(account !== undefined && { account_name: account }),
    })
    if (!answer.success) throw createInnerFailure(`POST ${path}`, answer.message ?? undefined)
  }
}

/** Balances (`/portfolio`). */
export class PortfolioApi {
  constructor(private readonly transport: ApiTransport) {}

  /** @param options - `refresh` asks the exchanges; otherwise the answer is up to five minutes old. */
  fetchState(
    filter: Required<HummingbotApiFilter>,
    options: { readonly refresh?: boolean; readonly skip_gateway?: boolean } = {},
  ): Promise<schemas.HummingbotApiPortfolio> {
    return this.transport.query('/portfolio/state', schemas.portfolioStateSchema, { ...filter, ...options })
  }

  fetchDistribution(filter: Required<HummingbotApiFilter>): Promise<unknown> {
    return this.transport.query('/portfolio/distribution', schemas.anySchema, filter)
  }

  fetchHistory(query: Required<HummingbotApiFilter> & { readonly interval?: string; readonly cursor?: string }) {
    return this.transport.query('/portfolio/history', schemas.pageSchema(schemas.anySchema), query)
  }
}

/** Accounts, credentials and connectors. */
export class AccountsApi {
  constructor(private readonly transport: ApiTransport) {}

  fetchAccounts(): Promise<string[]> {
    return this.transport.get('/accounts/', schemas.namesSchema)
  }

  fetchCredentials(accountName: string): Promise<string[]> {
    return this.transport.get(`/accounts/${encodeURIComponent(accountName)}/credentials`, schemas.namesSchema)
  }

  async addAccount(accountName: string): Promise<void> {
    await this.transport.command('POST', '/accounts/add-account', schemas.anySchema, undefined, {
      account_name: accountName,
    })
  }

  async deleteAccount(accountName: string): Promise<void> {
    await this.transport.command('POST', '/accounts/delete-account', schemas.anySchema, undefined, {
      account_name: accountName,
    })
  }

  /** @param fields - As `fetchConfigMap` names them. The server tries them at the exchange, which takes seconds. */
  async addCredential(
    accountName: string,
    connectorName: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> {
    const path = `/accounts/add-credential/${encodeURIComponent(accountName)}/${encodeURIComponent(connectorName)}`
    await this.transport.command('POST', path, schemas.anySchema, fields)
  }

  async deleteCredential(accountName: string, connectorName: string): Promise<void> {
    const path = `/accounts/delete-credential/${encodeURIComponent(accountName)}/${encodeURIComponent(connectorName)}`
    await this.transport.command('POST', path, schemas.anySchema)
  }

  fetchConnectors(): Promise<string[]> {
    return this.transport.get('/connectors/', schemas.namesSchema)
  }

  /** Fields of a connector's credentials; the older list of names is taken too. */
  fetchConfigMap(connectorName: string) {
    return this.transport.get(`/connectors/${encodeURIComponent(connectorName)}/config-map`, schemas.configMapSchema)
  }

  fetchTradingRules(connectorName: string, pairs: readonly string[] = []) {
    return this.transport.get(
      `/connectors/${encodeURIComponent(connectorName)}/trading-rules`,
      schemas.tradingRulesSchema,
      { trading_pairs: pairs },
    )
  }

  async fetchOrderTypes(connectorName: string): Promise<string[]> {
    const path = `/connectors/${encodeURIComponent(connectorName)}/order-types`
    return (await this.transport.get(path, schemas.orderTypesSchema)).supported_order_types
  }
}
