import { createAssetId, Decimal, type Balance, type FeeSchedule, type Instrument } from '@cex-arbitrage/common'
import {
  asPart,
  type ExchangeCapabilities,
  type ExchangeContext,
  type ExchangeParts,
  type KeyRights,
  type PrivateExchange,
} from '@cex-arbitrage/exchanges'
import { HummingbotAccountFeed } from './account-feed.js'
import { createHummingbotCapabilities } from './capabilities.js'
import { HummingbotLink } from './hummingbot-link.js'
import { HummingbotOrderGateway } from './order-gateway.js'

/** One account on one venue behind Hummingbot. */
export class HummingbotPrivateExchange implements PrivateExchange {
  readonly marketType = 'spot'
  readonly orders: HummingbotOrderGateway
  readonly account: HummingbotAccountFeed
  private readonly link: HummingbotLink

  constructor(context: ExchangeContext, parts: ExchangeParts) {
    this.link = asPart(parts.rest, HummingbotLink)
    this.account = asPart(parts.webSocket, HummingbotAccountFeed)
    const log = context.logger.child({ component: 'private-exchange', exchange: this.link.exchange })
    this.orders = new HummingbotOrderGateway(this.link, this.account, log)
  }

  get exchange() {
    return this.link.exchange
  }

  get capabilities(): ExchangeCapabilities {
    return createHummingbotCapabilities(this.link.client.capabilities.has('client_order_id'))
  }

  async fetchBalances(): Promise<readonly Balance[]> {
    await this.link.connect()
    const { venue } = this.link.options
    const balances = (await this.link.client.getBalances({ exchange: venue }))[venue] ?? {}
    return Object.entries(balances).map(([asset, { total, available }]) => {
      const free = Decimal.parse(available)
      return { asset: createAssetId(asset), free, locked: Decimal.max(Decimal.zero, Decimal.parse(total).minus(free)) }
    })
  }

  /** As configured: the protocol tells no fees. */
  fetchFees(instrument: Instrument): Promise<FeeSchedule> {
    return Promise.resolve(instrument.fees)
  }

  /** The protocol tells nothing of a key's rights; asking for balances shows that the key is taken. */
  async fetchKeyRights(): Promise<KeyRights> {
    await this.fetchBalances()
    return { canTrade: undefined, canWithdraw: undefined, remainingDays: undefined }
  }

  async close(): Promise<void> {
    this.orders.close()
    await this.account.close()
  }
}
