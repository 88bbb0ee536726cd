import { ConfigurationException, type ExchangeId } from '@cex-arbitrage/common'
import type { ExchangeContext } from '../factory/exchange-context.js'

/**
 * Where the futures streams are, of an exchange that has them apart from those of spot.
 *
 * @param given - From the configuration.
 * @param own - The exchange's own address.
 * @throws {@link ConfigurationException} The spot streams are elsewhere and nobody said where the futures streams are:
 * what was meant for a simulator would reach the exchange.
 */
export function futuresStreamUrl(
  exchange: ExchangeId,
  context: Pick<ExchangeContext, 'webSocketUrl'>,
  given: string | undefined,
  own: string,
): string {
  if (given !== undefined) return given
  if (context.webSocketUrl === undefined) return own
  throw new ConfigurationException({
    exchange,
    message: `The spot streams of ${exchange} are not at its own address, and nothing says where its futures streams are. Set urls.futuresWebsocket too.`,
  })
}
