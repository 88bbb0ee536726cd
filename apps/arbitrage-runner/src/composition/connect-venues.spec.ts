import {
  Decimal,
  Instrument,
  PermissionException,
  createExchangeId,
  parseSymbol,
  silentLogger,
  type Logger,
  type ExchangeId,
} from '@cex-arbitrage/common'
import { getEnabledExchanges, loadConfig } from '@cex-arbitrage/config'
import type { FactoryManager, KeyRights, PrivateExchange, PublicExchange } from '@cex-arbitrage/exchanges'
import type { TradingVenue } from '@cex-arbitrage/trading'
import { describe, expect, it } from 'vitest'
import { connectVenues } from './connect-venues.js'

const config = loadConfig({ env: {}, overrides: { instruments: ['BTC/USDT'] } })

function instrumentOf(exchange: ExchangeId): Instrument {
  return new Instrument({
    ...parseSymbol('BTC/USDT'),
    exchange,
    marketType: 'spot',
    exchangeSymbol: 'BTCUSDT',
    tickSize: Decimal.parse('0.01'),
    lotSize: Decimal.parse('0.001'),
    fees: { maker: Decimal.zero, taker: Decimal.parse('0.001'), assetRule: 'quote' },
    status: 'trading',
  })
}

function connect(
  rights: Partial<KeyRights>,
  settings: object = {},
  live?: { readonly logger: Logger },
): Promise<readonly TradingVenue[]> {
  const enabled = getEnabledExchanges(config.exchanges)
  const withSettings = new Map([...enabled].map(([exchange, section]) => [exchange, { ...section, ...settings }]))
  const exchanges = {
    publicExchange: (exchange: ExchangeId) => ({
      exchange,
      fetchInstruments: () => Promise.resolve([instrumentOf(exchange)]),
    }),
  } as unknown as FactoryManager
  const accounts = ({ exchange }: PublicExchange): PrivateExchange =>
    ({
      exchange,
      fetchKeyRights: () =>
        Promise.resolve({ canTrade: true, canWithdraw: false, remainingDays: undefined, ...rights }),
      fetchFees: (instrument: Instrument) => Promise.resolve({ ...instrument.fees, taker: Decimal.parse('0.0002') }),
    }) as unknown as PrivateExchange
  const inForce = live === undefined ? config : { ...config, mode: 'live' as const }
  return connectVenues(inForce, withSettings, { exchanges, accounts }, live?.logger ?? silentLogger)
}

describe('connectVenues', () => {
  it("gives instruments the account's own fees", async () => {
    const venues = await connect({})
    expect(venues.map(({ exchange }) => exchange)).toEqual([createExchangeId('mexc'), createExchangeId('gateio')])
    expect(venues[0]!.instruments[0]!.fees.taker.toString()).toBe('0.0002')
  })

  it('lets configured fees win', async () => {
    const [venue] = await connect({}, { fees: { makerBps: -0.5, takerBps: 2.5 } })
    expect(venue!.instruments[0]!.fees.maker.toString()).toBe('-0.00005')
    expect(venue!.instruments[0]!.fees.taker.toString()).toBe('0.00025')
  })

  it('refuses a key that may withdraw, unless the configuration allows it', async () => {
    await expect(connect({ canWithdraw: true })).rejects.toThrow(PermissionException)
    await expect(connect({ canWithdraw: true }, { allowWithdrawPermission: true })).resolves.toHaveLength(2)
  })

  it('warns in live mode of every exchange that does not tell whether its key may withdraw', async () => {
    const warned: unknown[] = []
    const logger: Logger = { ...silentLogger, warn: ({ exchange }) => void warned.push(exchange) }
    await connect({ canWithdraw: false }, {}, { logger })
    await connect({ canWithdraw: undefined })
    expect(warned).toEqual([])
    await connect({ canWithdraw: undefined }, {}, { logger })
    expect(warned).toEqual(['mexc', 'gateio'])
  })

  it('refuses a key that may not trade', async () => {
    await expect(connect({ canTrade: false })).rejects.toThrow('may not trade')
  })
})
