import {
  ConfigurationException,
  PermissionException,
  type ConfigurationProblem,
  type ExchangeId,
  type Instrument,
  type Logger,
  type MarketType,
  type Symbol as MarketSymbol,
} from '@cex-arbitrage/common'
import type { BaseExchangeConfig, EngineConfig, EngineMode } from '@cex-arbitrage/config'
import type { FactoryManager, PrivateExchange, PublicExchange } from '@cex-arbitrage/exchanges'
import type { TradingVenue } from '@cex-arbitrage/trading'
import { withConfiguredFees } from './configured-fees.js'

export interface VenueSources {
  readonly exchanges: FactoryManager
  /** The account on an exchange: its own, or one on paper. */
  readonly accounts: (exchange: PublicExchange) => PrivateExchange
}

/**
 * Asks every enabled exchange for the instruments that are watched, with the account's own fees, and refuses keys that
 * may do more than they need.
 *
 * @throws {@link ConfigurationException} A watched symbol is listed on fewer of the enabled exchanges than its strategies need.
 * @throws {@link PermissionException} A key may withdraw and the configuration does not allow it.
 */
export async function connectVenues(
  config: EngineConfig,
  exchanges: ReadonlyMap<ExchangeId, BaseExchangeConfig>,
  sources: VenueSources,
  logger: Logger,
): Promise<readonly TradingVenue[]> {
  const venues = await Promise.all(
    [...exchanges].flatMap(([exchange, settings]) =>
      settings.marketTypes.map((marketType) => connectVenue(config, exchange, settings, marketType, sources, logger)),
    ),
  )
  assertComparable(config, venues)
  return venues
}

async function connectVenue(
  config: EngineConfig,
  exchange: ExchangeId,
  settings: BaseExchangeConfig,
  marketType: MarketType,
  sources: VenueSources,
  logger: Logger,
): Promise<TradingVenue> {
  const publicExchange = sources.exchanges.publicExchange(exchange, marketType)
  const privateExchange = sources.accounts(publicExchange)
  await assertKeyRights(privateExchange, settings, config.mode, logger)
  const wanted = config.instruments.filter(
    (watched) =>
      (watched.marketTypes.includes(marketType) ||
        (marketType === 'futures' && isHeldAsContract(watched.symbol, config))) &&
      (watched.exchanges === undefined || watched.exchanges.includes(exchange)),
  )
  const listed = new Map((await publicExchange.fetchInstruments()).map((instrument) => [instrument.symbol, instrument]))
  const instruments = await Promise.all(
    wanted.flatMap(({ symbol }) => {
      const instrument = listed.get(symbol)
      if (instrument !== undefined) return [withAccountFees(instrument, privateExchange, settings)]
      logger.warn({ exchange, symbol }, 'symbol is not listed')
      return []
    }),
  )
  return { exchange, publicExchange, privateExchange, instruments }
}

async function withAccountFees(
  instrument: Instrument,
  privateExchange: PrivateExchange,
  settings: BaseExchangeConfig,
): Promise<Instrument> {
  if (settings.fees !== undefined) return withConfiguredFees(instrument, settings.fees)
  return instrument.withFees(await privateExchange.fetchFees(instrument))
}

async function assertKeyRights(
  privateExchange: PrivateExchange,
  settings: BaseExchangeConfig,
  mode: EngineMode,
  logger: Logger,
): Promise<void> {
  const rights = await privateExchange.fetchKeyRights()
  if (rights.canWithdraw === true && !settings.allowWithdrawPermission)
    throw new PermissionException({
      exchange: privateExchange.exchange,
      message: `The key of ${privateExchange.exchange} may withdraw. Take that right off it, or set allowWithdrawPermission.`,
    })
  if (rights.canWithdraw === undefined && mode === 'live')
    logger.warn(
      { exchange: privateExchange.exchange },
      'the exchange does not tell whether the key may withdraw; look there and take that right off it',
    )
  if (rights.canTrade === false)
    throw new PermissionException({
      exchange: privateExchange.exchange,
      message: `The key of ${privateExchange.exchange} may not trade. Give it that right, or disable the exchange.`,
    })
}

/** Whether a strategy trades the symbol on one exchange, without another to compare it with. */
const isTradedAlone = (symbol: MarketSymbol, { strategies }: EngineConfig): boolean =>
  strategies.some(
    (strategy) =>
      strategy.enabled &&
      strategy.type === 'triangular' &&
      (strategy.symbols === undefined || strategy.symbols.includes(symbol)),
  )

/** Whether a strategy holds contracts of the symbol, so that it is watched there whatever its own entry says. */
const isHeldAsContract = (symbol: MarketSymbol, { strategies }: EngineConfig): boolean =>
  strategies.some(
    (strategy) =>
      strategy.enabled &&
      strategy.type === 'spot-futures' &&
      (strategy.symbols === undefined || strategy.symbols.includes(symbol)),
  )

function assertComparable(config: EngineConfig, venues: readonly TradingVenue[]): void {
  const problems: ConfigurationProblem[] = config.instruments.flatMap(({ symbol }, index) => {
    const on = venues.filter(({ instruments }) => instruments.some((instrument) => instrument.symbol === symbol))
    if (on.length >= (isTradedAlone(symbol, config) ? 1 : 2)) return []
    const where = on.map(({ exchange }) => exchange).join(', ') || 'no enabled exchange'
    return [{ path: `instruments.${index}`, message: `${symbol} is listed on ${where}; an arbitrage needs two` }]
  })
  if (problems.length > 0)
    throw new ConfigurationException({ message: 'Not every watched instrument can be compared.', problems })
}
