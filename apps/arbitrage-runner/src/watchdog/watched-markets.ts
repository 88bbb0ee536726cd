import {
  sleep,
  toCexArbitrageException,
  type Clock,
  type ExchangeId,
  type Instrument,
  type Logger,
  type Random,
} from '@cex-arbitrage/common'
import { getEnabledExchanges, type BaseExchangeConfig, type EngineConfig } from '@cex-arbitrage/config'
import type { FactoryManager, OrderGateway } from '@cex-arbitrage/exchanges'
import { createFactoryManager } from '../composition/built-in-exchanges.js'
import { createExchangeContext } from '../composition/exchange-contexts.js'

/** What the engine leaves of an exchange's rate limit to its watchdog where both use one key. */
const rateLimitShare = 0.2
const retryMs = 1_000

export interface WatchdogSources {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

export interface WatchedMarket {
  readonly instrument: Instrument
  readonly orders: OrderGateway
}

/** The exchanges as a watchdog uses them: its own connections, its own keys where configured, a small budget. */
export function createWatchdogExchanges(config: EngineConfig, sources: WatchdogSources): FactoryManager {
  const enabled = getEnabledExchanges(config.exchanges)
  return createFactoryManager((exchange) =>
    createExchangeContext(
      exchange,
      asWatchdog(enabled.get(exchange)!),
      { ...sources, network: config.network },
      undefined,
    ),
  )
}

/** The markets of exchanges that do not cancel by themselves; asked for until every exchange has answered. */
export async function fetchWatchedMarkets(
  config: EngineConfig,
  exchanges: FactoryManager,
  { clock, logger }: WatchdogSources,
  signal: AbortSignal,
): Promise<readonly WatchedMarket[]> {
  const markets: WatchedMarket[] = []
  for (const [exchange, { marketTypes }] of getEnabledExchanges(config.exchanges))
    for (const marketType of marketTypes) {
      const { capabilities, orders } = exchanges.privateExchange(exchange, marketType)
      if (capabilities.deadManSwitch) continue
      const wanted = new Set(config.instruments.map(({ symbol }) => symbol))
      const fetchAll = () => exchanges.publicExchange(exchange, marketType).fetchInstruments()
      const listed = await untilAnswered(fetchAll, exchange, clock, logger, signal)
      for (const instrument of listed) if (wanted.has(instrument.symbol)) markets.push({ instrument, orders })
    }
  return markets
}

function asWatchdog(config: BaseExchangeConfig): BaseExchangeConfig {
  const { watchdogApiKey: apiKey, watchdogSecret: secret, ...rest } = config
  const own = apiKey !== undefined && secret !== undefined
  return own ? { ...rest, apiKey, secret } : { ...rest, rateLimitShare }
}

async function untilAnswered<T>(
  ask: () => Promise<readonly T[]>,
  exchange: ExchangeId,
  clock: Clock,
  logger: Logger,
  signal: AbortSignal,
): Promise<readonly T[]> {
  while (!signal.aborted) {
    try {
      return await ask()
    } catch (error) {
      const { code, message } = toCexArbitrageException(error, { doing: 'fetching instruments', exchange })
      logger.warn({ exchange, code, message }, 'the watchdog has no instruments yet')
      await sleep(clock, retryMs)
    }
  }
  return []
}
