import { ExchangeRequestException, type Balance, type FeeSchedule, type Instrument } from '@cex-arbitrage/common'
import type { ExchangeParts } from '../../../factory/component-registry.js'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { asPart } from '../../../factory/exchange-parts.js'
import type { PrivateExchange } from '../../../interfaces/private-exchange.js'
import type { KeyRights } from '../../../structs/key-rights.js'
import { mexcExchangeId } from '../constants.js'
import { MexcOrderGateway } from '../order-gateway.js'
import { MexcFuturesAccountFeed } from './account-feed.js'
import { mexcFuturesCapabilities } from './capabilities.js'
import { createFuturesOrderDialect } from './order-dialect.js'
import { mapFuturesAsset } from './order-mapper.js'
import { MexcLeverages, MexcPositionDesk } from './position-desk.js'
import { MexcFuturesRestClient } from './rest-client.js'

/** One account on MEXC perpetual futures. */
export class MexcFuturesPrivateExchange implements PrivateExchange {
  readonly exchange = mexcExchangeId
  readonly marketType = 'futures'
  readonly capabilities = mexcFuturesCapabilities
  readonly orders: MexcOrderGateway
  readonly account: MexcFuturesAccountFeed
  readonly positions: MexcPositionDesk
  private readonly rest: MexcFuturesRestClient

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, MexcFuturesRestClient)
    this.account = asPart(parts.webSocket, MexcFuturesAccountFeed)
    const leverages = new MexcLeverages()
    const log = context.logger.child({ component: 'private-exchange', exchange: mexcExchangeId })
    this.orders = new MexcOrderGateway(createFuturesOrderDialect(this.rest, leverages), context.clock, log)
    this.positions = new MexcPositionDesk(this.rest, leverages)
    // Whoever opens the account is about to trade.
    this.account.onOpening = () => this.orders.prepare()
  }

  async fetchBalances(): Promise<readonly Balance[]> {
    return (await this.rest.getAssets()).map(mapFuturesAsset)
  }

  /** Where the exchange does not tell the account's own rates, those of the contract, which are no better. */
  async fetchFees(instrument: Instrument): Promise<FeeSchedule> {
    try {
      const { realMakerFee: maker, realTakerFee: taker } = await this.rest.getFee(instrument.exchangeSymbol)
      return { maker, taker, assetRule: 'quote' }
    } catch (error) {
      if (!(error instanceof ExchangeRequestException)) throw error
      return instrument.fees
    }
  }

  /** The exchange tells nothing of a key's rights; asking for the wallet shows that the key is right and may read. */
  async fetchKeyRights(): Promise<KeyRights> {
    await this.fetchBalances()
    return { canTrade: undefined, canWithdraw: undefined, remainingDays: undefined }
  }

  close(): Promise<void> {
    return this.account.close()
  }
}
