import type { ExchangeId } from '@cex-arbitrage/common'
import { ComponentRegistry, FactoryManager, type ExchangeContext } from '@cex-arbitrage/exchanges'
import { registerExchange as registerGateio } from '@cex-arbitrage/exchanges/gateio'
import { registerExchange as registerMexc } from '@cex-arbitrage/exchanges/mexc'

/** The exchanges that come with the engine, registered through the door that plug-ins use. */
export function createFactoryManager(contextOf: (exchange: ExchangeId) => ExchangeContext): FactoryManager {
  const manager = new FactoryManager(new ComponentRegistry(), contextOf)
  manager.register(registerMexc)
  manager.register(registerGateio)
  return manager
}
