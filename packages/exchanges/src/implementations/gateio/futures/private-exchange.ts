import { SymbolException, type Balance, type FeeSchedule, type Instrument } from '@cex-arbitrage/common'
import type { ExchangeParts } from '../../../factory/component-registry.js'
import type { ExchangeContext } from '../../../factory/exchange-context.js'
import { asPart } from '../../../factory/exchange-parts.js'
import type { PrivateExchange } from '../../../interfaces/private-exchange.js'
import type { ExchangeCapabilities } from '../../../structs/exchange-capabilities.js'
import type { KeyRights } from '../../../structs/key-rights.js'
import { gateioExchangeId } from '../constants.js'
import { GateioOrderGateway } from '../order-gateway.js'
import { GateioFuturesAccountFeed } from './account-feed.js'
import { createGateioFuturesCapabilities } from './capabilities.js'
import { createFuturesOrderDialect } from './order-dialect.js'
import { mapFuturesAccount } from './order-mapper.js'
import { GateioPositionDesk } from './position-desk.js'
import { assertOneWayAccount } from './position-mapper.js'
import { GateioFuturesRestClient } from './rest-client.js'

/** One account on Gate.io perpetual futures settled in USDT. */
export class GateioFuturesPrivateExchange implements PrivateExchange {
  readonly exchange = gateioExchangeId
  readonly marketType = 'futures'
  readonly capabilities: ExchangeCapabilities
  readonly orders: GateioOrderGateway
  readonly account: GateioFuturesAccountFeed
  readonly positions: GateioPositionDesk
  private readonly rest: GateioFuturesRestClient

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, GateioFuturesRestClient)
    this.account = asPart(parts.webSocket, GateioFuturesAccountFeed)
    this.capabilities = createGateioFuturesCapabilities(this.rest.options)
    this.orders = new GateioOrderGateway(context, this.rest, createFuturesOrderDialect(context, this.rest))
    this.positions = new GateioPositionDesk(this.rest)
    // Whoever opens the account is about to trade.
    this.account.onOpening = () => this.orders.prepare()
  }

  /** @throws {@link ExchangeCapabilityException} The account keeps positions or margin in a way that is not supported. */
  async fetchBalances(): Promise<readonly Balance[]> {
    const account = await this.rest.getFuturesAccount()
    assertOneWayAccount(account)
    return [mapFuturesAccount(account)]
  }

  async fetchFees(instrument: Instrument): Promise<FeeSchedule> {
    const fees = (await this.rest.getFuturesFee(instrument.exchangeSymbol))[instrument.exchangeSymbol]
    if (fees !== undefined) return { maker: fees.maker_fee, taker: fees.taker_fee, assetRule: 'quote' }
    throw new SymbolException({
      exchange: gateioExchangeId,
      message: `Gate.io answered no fee of ${instrument.id}. Read the instruments again.`,
    })
  }

  /** The exchange tells nothing of a key's rights; asking for the wallet shows that the key is right and may read. */
  async fetchKeyRights(): Promise<KeyRights> {
    await this.fetchBalances()
    return { canTrade: undefined, canWithdraw: undefined, remainingDays: undefined }
  }

  async close(): Promise<void> {
    await Promise.all([this.account.close(), this.orders.close()])
  }
}
