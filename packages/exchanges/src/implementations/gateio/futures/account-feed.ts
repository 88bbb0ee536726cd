import type { ExchangeContext } from '../../../factory/exchange-context.js'
import type { ExchangeRestClient } from '../../../interfaces/rest-client.js'
import { GateioAccountFeed } from '../account-feed.js'
import { createFuturesAccountDialect } from './account-dialect.js'

/** Orders, fills, positions and the wallet of a Gate.io futures account. */
export class GateioFuturesAccountFeed extends GateioAccountFeed {
  constructor(context: ExchangeContext, rest: ExchangeRestClient) {
    super(context, rest, createFuturesAccountDialect)
  }
}
