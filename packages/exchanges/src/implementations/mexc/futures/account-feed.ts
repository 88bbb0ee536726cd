import type { ExchangeContext } from '../../../factory/exchange-context.js'
import type { ExchangeRestClient } from '../../../interfaces/rest-client.js'
import { MexcAccountFeed } from '../account-feed.js'
import { createFuturesAccountDialect } from './account-dialect.js'

/** Orders, fills, positions and the wallet of a MEXC futures account. */
export class MexcFuturesAccountFeed extends MexcAccountFeed {
  constructor(context: ExchangeContext, rest: ExchangeRestClient) {
    super(context, rest, createFuturesAccountDialect)
  }
}
