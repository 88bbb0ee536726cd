import {
  Decimal,
  Instrument,
  createExchangeId,
  parseSymbol,
  silentLogger,
  systemClock,
  systemRandom,
} from '@cex-arbitrage/common'
import { loadConfig, type EngineConfig } from '@cex-arbitrage/config'
import { describe, expect, it } from 'vitest'
import { createFactoryManager } from './built-in-exchanges.js'
import { createRehearsal } from './rehearsal.js'

const configOf = (overrides: Record<string, unknown> = {}): EngineConfig => loadConfig({ env: {}, overrides })

const venueOf = (exchange: string, symbol = 'BTC/USDT', status: 'trading' | 'halted' = 'trading') => ({
  instruments: [
    new Instrument({
      ...parseSymbol(symbol),
      exchange: createExchangeId(exchange),
      marketType: 'spot',
      exchangeSymbol: symbol.replace('/', exchange === 'gateio' ? '_' : ''),
      tickSize: Decimal.parse('0.01'),
      lotSize: Decimal.parse('0.0001'),
      minNotional: Decimal.of(5),
      fees: { maker: Decimal.zero, taker: Decimal.parse('0.001'), assetRule: 'received' },
      status,
    }),
  ],
})

const rehearsalOf = (config: EngineConfig, ...venues: ReturnType<typeof venueOf>[]) =>
  createRehearsal({
    config,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    exchanges: createFactoryManager(() => {
      throw new Error('a rehearsal makes none of the engine’s exchanges')
    }),
    venues,
  })

describe('the rehearsal of an engine', () => {
  it('trades through the mappers, signers and lanes of both exchanges', async () => {
    const rehearsal = (await rehearsalOf(configOf(), venueOf('mexc'), venueOf('gateio')))!
    for (let round = 0; round < 20; round++) await rehearsal.rehearse()
    expect([rehearsal.rounds, rehearsal.isSound]).toEqual([20, true])
    await rehearsal.close()
  })

  it('is left out when it is switched off, on paper, and where no two exchanges trade one symbol', async () => {
    const both = [venueOf('mexc'), venueOf('gateio')]
    const off = configOf({ execution: { rehearsal: { enabled: false } } })
    expect(await rehearsalOf(off, ...both)).toBeUndefined()
    expect(await rehearsalOf(configOf({ mode: 'paper' }), ...both)).toBeUndefined()
    expect(await rehearsalOf(configOf(), venueOf('mexc'), venueOf('gateio', 'ETH/USDT'))).toBeUndefined()
    expect(await rehearsalOf(configOf(), venueOf('mexc'), venueOf('gateio', 'BTC/USDT', 'halted'))).toBeUndefined()
    expect(await rehearsalOf(configOf(), venueOf('mexc'), venueOf('elsewhere'))).toBeUndefined()
  })
})
