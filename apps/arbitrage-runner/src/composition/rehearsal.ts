import { toCexArbitrageException, type Clock, type Instrument, type Logger, type Random } from '@cex-arbitrage/common'
import { getEnabledExchanges, type EngineConfig } from '@cex-arbitrage/config'
import { RehearsalOrders, type FactoryManager } from '@cex-arbitrage/exchanges'
import { DiscardingJournal } from '@cex-arbitrage/storage'
import { TradingRehearsal, type RehearsalLeg, type TradingVenue } from '@cex-arbitrage/trading'
import { createExchangeContext } from './exchange-contexts.js'

export interface RehearsalInputs {
  readonly config: EngineConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly exchanges: FactoryManager
  /** Only their instruments are used. */
  readonly venues: readonly Pick<TradingVenue, 'instruments'>[]
}

/**
 * A rehearsal of a trade on the first symbol that two exchanges offer whose orders can be rehearsed; `undefined` when it
 * is switched off, on paper, where no order is sent, and without such a symbol. It gets what it needs by making it: nothing of the engine's own goes in but
 * instruments, options and the clock. The engine trades without it where it cannot be had.
 */
export async function createRehearsal(inputs: RehearsalInputs): Promise<TradingRehearsal | undefined> {
  const { config, clock, random, logger } = inputs
  if (!config.execution.rehearsal.enabled || config.mode === 'paper') return undefined
  try {
    const legs = createLegs(inputs)
    return legs && (await TradingRehearsal.create({ legs, journal: new DiscardingJournal(), clock, random }))
  } catch (error) {
    const { code, message } = toCexArbitrageException(error, { doing: 'preparing a rehearsal' })
    logger.warn({ code, message }, 'orders are not rehearsed')
    return undefined
  }
}

function createLegs(inputs: RehearsalInputs): readonly [RehearsalLeg, RehearsalLeg] | undefined {
  const bySymbol = new Map<string, Instrument[]>()
  for (const instrument of inputs.venues.flatMap(({ instruments }) => instruments)) {
    if (instrument.marketType !== 'spot' || instrument.status !== 'trading') continue
    const peers = bySymbol.get(instrument.symbol) ?? []
    bySymbol.set(instrument.symbol, peers)
    peers.push(instrument)
    const legs = peers.length < 2 ? [] : peers.flatMap((each) => createLeg(each, inputs) ?? [])
    if (legs.length >= 2) return [legs[0]!, legs[1]!]
  }
  return undefined
}

function createLeg(instrument: Instrument, { config, clock, random, logger, exchanges }: RehearsalInputs) {
  const { exchange, marketType } = instrument
  const settings = getEnabledExchanges(config.exchanges).get(exchange)
  if (settings === undefined) return undefined
  const { options } = createExchangeContext(
    exchange,
    settings,
    { clock, random, logger, network: config.network },
    undefined,
  )
  const orders = RehearsalOrders.create(exchanges.registry, exchange, marketType, { clock, random, options })
  return orders && { instrument, orders }
}
