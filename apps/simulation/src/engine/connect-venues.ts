import { createExchangeId, type Clock, type Logger, type Random } from '@cex-arbitrage/common'
import { ComponentRegistry, FactoryManager, type ExchangeNetwork } from '@cex-arbitrage/exchanges'
import { registerExchange as registerGateio } from '@cex-arbitrage/exchanges/gateio'
import { registerExchange as registerMexc } from '@cex-arbitrage/exchanges/mexc'
import type { VenueAddress } from '@cex-arbitrage/simulator'
import type { TradingVenue } from '@cex-arbitrage/trading'
import { simulatedExchanges, type SimulatedExchangeName } from '../schedule/schedule.js'

export interface ConnectionParts {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly network: ExchangeNetwork
  readonly addresses: ReadonlyMap<SimulatedExchangeName, VenueAddress>
}

/** The connectors of both exchanges, as the engine has them, on a network that is none. */
export function createExchanges(parts: ConnectionParts): FactoryManager {
  const { clock, random, logger, network, addresses } = parts
  const manager = new FactoryManager(new ComponentRegistry(), (exchange) => {
    const { origin, ws, apiKey, secret } = addresses.get(exchange as string as SimulatedExchangeName)!
    const credentials = { apiKey: { reveal: () => apiKey }, secret: { reveal: () => secret } }
    return { clock, random, logger, network, restUrl: origin, webSocketUrl: ws, credentials }
  })
  manager.register(registerMexc)
  manager.register(registerGateio)
  return manager
}

/** Asks both exchanges for what they list and the account's fees. */
export async function connectVenues(manager: FactoryManager): Promise<readonly TradingVenue[]> {
  return Promise.all(
    simulatedExchanges.map(async (name) => {
      const exchange = createExchangeId(name)
      const publicExchange = manager.publicExchange(exchange, 'spot')
      const privateExchange = manager.privateExchange(exchange, 'spot')
      const listed = await publicExchange.fetchInstruments()
      const instruments = await Promise.all(
        listed.map(async (instrument) => instrument.withFees(await privateExchange.fetchFees(instrument))),
      )
      return { exchange, publicExchange, privateExchange, instruments }
    }),
  )
}
