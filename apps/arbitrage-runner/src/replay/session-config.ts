import { Decimal } from '@cex-arbitrage/common'
import { Secret, type EngineConfig } from '@cex-arbitrage/config'

/** Where exchanges are reached, by name. */
export type SessionAddresses = ReadonlyMap<string, { readonly rest: string; readonly ws: string }>

/**
 * The configuration of a run whose accounts are on paper, so that what happened on the public streams is all that decides.
 *
 * @param addresses - Of exchanges that stand in for the configured ones; they keep their simulated balances.
 */
export function toSessionConfig(config: EngineConfig, addresses: SessionAddresses): EngineConfig {
  const exchanges = Object.entries(config.exchanges).map(([name, settings]) => {
    const address = addresses.get(name)
    const { apiKey: _key, secret: _secret, ...kept } = settings as EngineConfig['exchanges']['mexc'] & object
    return [name, address ? { ...kept, urls: { ...kept.urls, rest: address.rest, websocket: address.ws } } : kept]
  })
  const { initialBalances } = config.mode === 'simulated' ? config.simulation : config.paper
  return {
    ...config,
    mode: 'paper',
    exchanges: Object.fromEntries(exchanges) as EngineConfig['exchanges'],
    paper: { ...config.paper, initialBalances },
  }
}

/** A configuration as plain data that a file may hold and `loadConfig` reads again: amounts as text, secrets left out. */
export function toStorable(value: unknown): unknown {
  if (value instanceof Secret) return undefined
  if (value instanceof Decimal) return value.toString()
  if (Array.isArray(value)) return value.map(toStorable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, toStorable(item)] as const)
      .filter(([, item]) => item !== undefined),
  )
}
