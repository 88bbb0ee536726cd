import {
  Decimal,
  ExchangeException,
  createAssetId,
  type Balance,
  type FeeSchedule,
  type Instrument,
} from '@cex-arbitrage/common'
import type { ExchangeParts } from '../../factory/component-registry.js'
import type { ExchangeContext } from '../../factory/exchange-context.js'
import { asPart } from '../../factory/exchange-parts.js'
import type { PrivateExchange } from '../../interfaces/private-exchange.js'
import type { KeyRights } from '../../structs/key-rights.js'
import { MexcAccountFeed } from './account-feed.js'
import { mexcCapabilities } from './capabilities.js'
import { mexcExchangeId } from './constants.js'
import { createMexcSpotOrderDialect } from './order-dialect.js'
import { MexcOrderGateway } from './order-gateway.js'
import { MexcRestClient } from './rest-client.js'

/** One account on MEXC spot. */
export class MexcPrivateExchange implements PrivateExchange {
  readonly exchange = mexcExchangeId
  readonly marketType = 'spot'
  readonly capabilities = mexcCapabilities
  readonly orders: MexcOrderGateway
  readonly account: MexcAccountFeed
  private readonly rest: MexcRestClient

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, MexcRestClient)
    this.account = asPart(parts.webSocket, MexcAccountFeed)
    const log = context.logger.child({ component: 'private-exchange', exchange: mexcExchangeId })
    this.orders = new MexcOrderGateway(createMexcSpotOrderDialect(this.rest), context.clock, log)
    // Whoever opens the account is about to trade.
    this.account.onOpening = () => this.orders.prepare()
  }

  async fetchBalances(): Promise<readonly Balance[]> {
    const { balances } = await this.rest.getAccount()
    return balances.map(({ asset, free, locked }) => ({
      asset: createAssetId(asset),
      free: Decimal.parse(free),
      locked: Decimal.parse(locked),
    }))
  }

  async fetchFees(instrument: Instrument): Promise<FeeSchedule> {
    const { data } = await this.rest.getTradeFee(instrument.exchangeSymbol)
    return {
      maker: Decimal.parse(data.makerCommission),
      taker: Decimal.parse(data.takerCommission),
      assetRule: 'quote',
    }
  }

  /** The rights of the key itself; where the exchange does not tell them, those of the account, which may be wider. */
  async fetchKeyRights(): Promise<KeyRights> {
    try {
      const { permissions, remainingValidity } = await this.rest.getApiKeyInfo()
      const days = remainingValidity ?? -1
      return {
        canTrade: permissions.some((each) => each.startsWith('SPOT_DEAL_W')),
        canWithdraw: permissions.some((each) => each.includes('WITHDRAW_W')),
        remainingDays: days < 0 ? undefined : days,
      }
    } catch (error) {
      if (!(error instanceof ExchangeException) || error.recovery === 'retry') throw error
      const { canTrade, canWithdraw } = await this.rest.getAccount()
      return { canTrade: canTrade ?? undefined, canWithdraw: canWithdraw ?? undefined, remainingDays: undefined }
    }
  }

  /**
   * The exchange's names of the pairs that this key may trade: its own list where it has one, else the default list.
   * An order on any other pair is refused.
   */
  async fetchTradableSymbols(): Promise<ReadonlySet<string>> {
    const own = (await this.rest.getSelfSymbols()).data ?? []
    return new Set(own.length > 0 ? own : ((await this.rest.getDefaultSymbols()).data ?? []))
  }

  close(): Promise<void> {
    return this.account.close()
  }
}
