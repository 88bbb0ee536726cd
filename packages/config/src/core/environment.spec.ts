import { describe, expect, it } from 'vitest'
import { processEnvironment, readEnvironment } from './environment.js'

describe('readEnvironment', () => {
  it('reads sections and keys from names with two underscores', () => {
    const { values, problems } = readEnvironment({
      CEX_ARBITRAGE_MODE: 'paper',
      CEX_ARBITRAGE_RISK__MAX_OPEN_ORDERS: '7',
      CEX_ARBITRAGE_NETWORK__WEBSOCKET__OPEN_TIMEOUT_MS: '500',
      CEX_ARBITRAGE_EXCHANGES__MEXC__API_KEY: '12345',
      CEX_ARBITRAGE_EXCHANGES__KRAKEN__OPTIONS__API_TIER: '2',
      CEX_ARBITRAGE_RISK__MAX_POSITION_BY_ASSET__BTC: '1',
      CEX_ARBITRAGE_PLUGINS: '[a, b]',
      CEX_ARBITRAGE_LIVE__ARMED: 'true',
      HOME: '/',
    })
    expect(problems).toEqual([])
    expect(values).toEqual({
      mode: 'paper',
      risk: { maxOpenOrders: 7, maxPositionByAsset: { BTC: '1' } },
      network: { websocket: { openTimeoutMs: 500 } },
      exchanges: { mexc: { apiKey: '12345' }, kraken: { options: { apiTier: 2 } } },
      plugins: ['a', 'b'],
      live: { armed: true },
    })
  })

  it('names a variable that sets nothing, and what was meant', () => {
    const { problems } = readEnvironment({
      CEX_ARBITRAGE_RISK__MAX_OPEN_ORDER: '7',
      CEX_ARBITRAGE_MOED: 'live',
      CEX_ARBITRAGE_RISK__: '1',
    })
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "CEX_ARBITRAGE_MOED: this variable names no setting, did you mean 'MODE'?",
      'CEX_ARBITRAGE_RISK__: this variable names no setting',
      "CEX_ARBITRAGE_RISK__MAX_OPEN_ORDER: this variable names no setting, did you mean 'MAX_OPEN_ORDERS'?",
    ])
  })

  it('leaves alone what a container platform adds and what is meant for tests', () => {
    const { values, problems } = readEnvironment({
      CEX_ARBITRAGE_SERVICE_HOST: '10.0.0.1',
      CEX_ARBITRAGE_CAPTURES: '/somewhere',
      CEX_ARBITRAGE_CONFIG: 'config.yaml',
      CEX_ARBITRAGE_TEST_THING: '1',
      CEX_ARBITRAGE_MODE: undefined,
    })
    expect(problems).toEqual([])
    expect(values).toEqual({})
  })

  it("reads the process's own environment where none is given", () => {
    expect(processEnvironment()).toBe(process.env)
    expect(readEnvironment().problems).toEqual([])
  })

  it('takes a text that is no YAML as it is, so that the schema can refuse it', () => {
    expect(readEnvironment({ CEX_ARBITRAGE_SERVER__PORT: '[' }).values).toEqual({ server: { port: '[' } })
  })
})
