import type { Balance, FeeSchedule, Instrument } from '@cex-arbitrage/common'
import {
  asPart,
  type ExchangeContext,
  type ExchangeParts,
  type KeyRights,
  type PrivateExchange,
} from '@cex-arbitrage/exchanges'
import { SampleAccountFeed } from './account-feed.js'
import { sampleCapabilities } from './capabilities.js'
import { sampleExchangeId } from './constants.js'
import { SampleOrderGateway } from './order-gateway.js'
import { mapBalance } from './order-mapper.js'
import { SampleRestClient } from './rest-client.js'

/** One account on the exchange's spot market. */
export class SamplePrivateExchange implements PrivateExchange {
  readonly exchange = sampleExchangeId
  readonly marketType = 'spot'
  readonly capabilities = sampleCapabilities
  readonly orders: SampleOrderGateway
  readonly account: SampleAccountFeed
  private readonly rest: SampleRestClient

  constructor(_context: ExchangeContext, parts: ExchangeParts) {
    this.rest = asPart(parts.rest, SampleRestClient)
    this.account = asPart(parts.webSocket, SampleAccountFeed)
    this.orders = new SampleOrderGateway(this.rest)
  }

  async fetchBalances(): Promise<readonly Balance[]> {
    return (await this.rest.getAccount()).balances.map(mapBalance)
  }

  /** The exchange has one rate for all, which its list of instruments names. */
  fetchFees(instrument: Instrument): Promise<FeeSchedule> {
    return Promise.resolve(instrument.fees)
  }

  async fetchKeyRights(): Promise<KeyRights> {
    const { canTrade, canWithdraw } = await this.rest.getAccount()
    return { canTrade, canWithdraw, remainingDays: undefined }
  }

  close(): Promise<void> {
    return this.account.close()
  }
}
