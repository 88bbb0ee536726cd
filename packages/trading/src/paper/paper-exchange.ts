import type { Balance, Clock, ExchangeId, FeeSchedule, Instrument, MarketType, Random } from '@cex-arbitrage/common'
import type { ExchangeCapabilities, KeyRights, PrivateExchange, PublicExchange } from '@cex-arbitrage/exchanges'
import { PaperAccountFeed } from './paper-account-feed.js'
import { PaperBalances } from './paper-balances.js'
import { PaperOrderGateway } from './paper-order-gateway.js'
import type { PaperSettings } from './paper-settings.js'

export interface PaperExchangeOptions {
  /** Where prices come from, and what the exchange can do. */
  readonly publicExchange: PublicExchange
  readonly clock: Clock
  readonly random: Random
  readonly settings: PaperSettings
}

/** An account that exists on paper: orders match against the live book of the exchange, and nothing is sent. */
export class PaperExchange implements PrivateExchange {
  readonly exchange: ExchangeId
  readonly marketType: MarketType
  readonly capabilities: ExchangeCapabilities
  readonly orders: PaperOrderGateway
  readonly account = new PaperAccountFeed()
  private readonly balances: PaperBalances

  constructor({ publicExchange, clock, random, settings }: PaperExchangeOptions) {
    this.exchange = publicExchange.exchange
    this.marketType = publicExchange.marketType
    this.capabilities = {
      ...publicExchange.capabilities,
      privateStreams: { orders: true, fills: true, balances: true },
      clientOrderIdLookupMs: undefined,
      deadManSwitch: false,
    }
    this.balances = new PaperBalances(settings.balances)
    this.orders = new PaperOrderGateway({
      exchange: this.exchange,
      marketData: publicExchange.marketData,
      balances: this.balances,
      feed: this.account,
      clock,
      random,
      settings,
    })
  }

  fetchBalances(): Promise<readonly Balance[]> {
    return Promise.resolve(this.balances.all())
  }

  fetchFees(instrument: Instrument): Promise<FeeSchedule> {
    return Promise.resolve(instrument.fees)
  }

  fetchKeyRights(): Promise<KeyRights> {
    return Promise.resolve({ canTrade: true, canWithdraw: false, remainingDays: undefined })
  }

  /** Ends the account; market data is whoever's opened it. */
  async close(): Promise<void> {
    this.orders.close()
    await this.account.close()
  }
}
