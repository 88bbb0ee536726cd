import type { ExchangeId } from '@cex-arbitrage/common'
import type { ComponentRegistry, ExchangeContext } from '@cex-arbitrage/exchanges'
import { hummingbotExchangeId } from '../client/hummingbot-exception.js'
import { HummingbotAccountFeed } from './account-feed.js'
import { HummingbotLink } from './hummingbot-link.js'
import { HummingbotMarketDataFeed } from './market-data-feed.js'
import { HummingbotPrivateExchange } from './private-exchange.js'
import { HummingbotPublicExchange } from './public-exchange.js'

/** Makes Hummingbot known as an exchange: spot, with a key. */
export function registerExchange(registry: ComponentRegistry): void {
  registerHummingbotVenue(registry, hummingbotExchangeId)
}

/**
 * Makes a further venue behind Hummingbot known under a name of its own, so that several can be legs at once.
 *
 * @example registerHummingbotVenue(registry, createExchangeId('hummingbot-kucoin'))
 */
export function registerHummingbotVenue(registry: ComponentRegistry, exchange: ExchangeId): void {
  class VenueLink extends HummingbotLink {
    constructor(context: ExchangeContext) {
      super(context, exchange)
    }
  }
  const spot = { exchange, marketType: 'spot' } as const
  registry.registerRestClient({ ...spot, scope: 'public' }, VenueLink)
  registry.registerRestClient({ ...spot, scope: 'private' }, VenueLink)
  registry.registerWebSocketClient({ ...spot, scope: 'public' }, HummingbotMarketDataFeed)
  registry.registerWebSocketClient({ ...spot, scope: 'private' }, HummingbotAccountFeed)
  registry.registerComposite({ ...spot, scope: 'public' }, HummingbotPublicExchange)
  registry.registerComposite({ ...spot, scope: 'private' }, HummingbotPrivateExchange)
}
