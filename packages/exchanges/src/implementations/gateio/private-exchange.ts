import { createAssetId, Decimal, type Balance, type FeeSchedule, type Instrument } from '@cex-arbitrage/common'
import type { ExchangeParts } from '../../factory/component-registry.js'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { PrivateExchange } from '../../interfaces/private-exchange.js'
import type { ExchangeCapabilities } from '../../structs/exchange-capabilities.js'
import type { KeyRights } from '../../structs/key-rights.js'
import { GateioAccountFeed } from './account-feed.js'
import { createGateioCapabilities } from './capabilities.js'
import { gateioExchangeId } from './constants.js'
import { createSpotOrderDialect } from './order-dialect.js'
import { GateioOrderGateway } from './order-gateway.js'
import { mapAccount } from './order-mapper.js'
import { GateioRestClient } from './rest-client.js'

/** One account on Gate.io spot. */
export class GateioPrivateExchange implements PrivateExchange {
  readonly exchange = gateioExchangeId
  readonly marketType = 'spot'
  readonly capabilities: ExchangeCapabilities
  readonly orders: GateioOrderGateway
  readonly account: GateioAccountFeed
  private readonly rest: GateioRestClient

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, GateioRestClient)
    this.account = asPart(parts.webSocket, GateioAccountFeed)
    this.capabilities = createGateioCapabilities(this.rest.options)
    this.orders = new GateioOrderGateway(context, this.rest, createSpotOrderDialect(context, this.rest))
    // Whoever opens the account is about to trade.
    this.account.onOpening = () => this.orders.prepare()
  }

  async fetchBalances(): Promise<readonly Balance[]> {
    if (this.rest.options.account === 'spot') return (await this.rest.getAccounts()).map(mapAccount)
    const { balances } = await this.rest.getUnifiedAccounts()
    return Object.entries(balances).map(([asset, { available, freeze }]) => ({
      asset: createAssetId(asset),
      free: available,
      locked: freeze ?? Decimal.zero,
    }))
  }

  async fetchFees(instrument: Instrument): Promise<FeeSchedule> {
    const { maker_fee: maker, taker_fee: taker } = await this.rest.getFee(instrument.exchangeSymbol)
    return { maker, taker, assetRule: 'received' }
  }

  /** The exchange tells nothing of a key's rights; asking for balances shows that the key is right and may read. */
  async fetchKeyRights(): Promise<KeyRights> {
    await this.fetchBalances()
    return { canTrade: undefined, canWithdraw: undefined, remainingDays: undefined }
  }

  async close(): Promise<void> {
    await Promise.all([this.account.close(), this.orders.close()])
  }
}
