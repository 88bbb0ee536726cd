import { describe, expect, it } from 'vitest'
import { checkConfig, type LoadConfigOptions } from '../load-config.js'

const keys = { apiKey: '${K}', secret: '${K}' }
const env = { K: 'k' }
const liveArmed = { CEX_ARBITRAGE_LIVE__ARMED: 'true' }

const pathsOf = (overrides: Record<string, unknown>, options: LoadConfigOptions = {}): string[] =>
  checkConfig({ env, overrides, ...options }).problems.map(({ path, message }) => `${path}: ${message}`)

describe('live mode', () => {
  const live = { mode: 'live', exchanges: { mexc: keys, gateio: keys } }

  it('wants arming in the configuration and on the command line', () => {
    expect(pathsOf(live)).toEqual([
      'live.armed: live mode sends real orders: set live.armed to true in the file or the environment',
      'mode: live mode sends real orders: say --arm on the command line as well (command line)',
    ])
    expect(pathsOf(live, { arm: true })).toHaveLength(1)
    expect(pathsOf(live, { env: { ...env, ...liveArmed } })).toHaveLength(1)
    expect(pathsOf(live, { arm: true, env: { ...env, ...liveArmed } })).toEqual([])
  })

  it('wants key and secret of each enabled exchange', () => {
    const exchanges = { mexc: { enabled: false }, gateio: {} }
    const strategies: unknown[] = []
    const options = { arm: true, env: { ...env, ...liveArmed } }
    expect(pathsOf({ mode: 'live', exchanges, strategies }, options)).toEqual([
      'exchanges.gateio.apiKey: is missing, and live mode needs it: use ${VARIABLE} or file:path',
      'exchanges.gateio.secret: is missing, and live mode needs it: use ${VARIABLE} or file:path',
    ])
  })

  it('is the only one that --arm goes with', () => {
    expect(pathsOf({}, { arm: true })).toEqual(['mode: --arm goes with live mode alone; the mode is simulated'])
  })
})

describe('limits that exclude each other', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'a trade above the exposures',
      { risk: { maxNotionalPerTrade: 20_000 } },
      ['risk.maxNotionalPerTrade', 'risk.maxNotionalPerTrade'],
    ],
    ['a residual above a trade', { risk: { maxResidualNotional: 500 } }, ['risk.maxResidualNotional']],
    ['a skew above the age', { risk: { maxAgeSkewMs: 5000 } }, ['risk.maxAgeSkewMs']],
    [
      'a least trade above the largest',
      { strategies: [{ type: 'spot-spot', minNotional: 150 }] },
      ['strategies.0.minNotional'],
    ],
    [
      'a strategy above the risk gate',
      { strategies: [{ type: 'spot-spot', maxNotional: 900 }] },
      ['strategies.0.maxNotional'],
    ],
    [
      'an edge below the risk gate',
      { strategies: [{ type: 'spot-spot', minNetEdgeBps: 0 }] },
      ['strategies.0.minNetEdgeBps'],
    ],
    [
      'a first delay above the longest',
      { network: { retry: { initialDelayMs: 9000 } } },
      ['network.retry.initialDelayMs'],
    ],
    [
      'a reconnection delay above the longest',
      { network: { websocket: { reconnectMaxDelayMs: 1 } } },
      ['network.websocket.reconnectInitialDelayMs'],
    ],
    ['a connection slower than an answer', { network: { requestTimeoutMs: 100 } }, ['network.connectTimeoutMs']],
    [
      'a silence shorter than a heartbeat',
      { network: { websocket: { silenceTimeoutMs: 1000 } } },
      ['network.websocket.silenceTimeoutMs'],
    ],
    [
      'a question rarer than the halt',
      { execution: { reconcileIntervalMs: 5000, unknownHaltMs: 1000 } },
      ['execution.reconcileIntervalMs'],
    ],
    [
      'dislocations',
      { simulation: { dislocations: { minSizeBps: 99, minDurationMs: 9000 } } },
      ['simulation.dislocations.minSizeBps', 'simulation.dislocations.minDurationMs'],
    ],
    [
      'basis',
      { exchanges: { mexc: { marketTypes: ['futures'] } }, strategies: [{ type: 'spot-futures', exitBasisBps: 30 }] },
      ['strategies.0.exitBasisBps'],
    ],
    [
      'a test network with other addresses',
      { exchanges: { gateio: { useTestnet: true, urls: { websocket: 'ws://x' } } } },
      ['exchanges.gateio.useTestnet'],
    ],
  ])('refuses %s', (_, overrides, paths) => {
    expect(checkConfig({ env, overrides }).problems.map(({ path }) => path)).toEqual(paths)
  })

  it('does not compare amounts of different assets', () => {
    const overrides = { instruments: ['ETH/BTC'], strategies: [{ type: 'spot-spot', maxNotional: 900 }] }
    expect(pathsOf(overrides)).toEqual([])
  })

  it('does not judge a strategy that is switched off', () => {
    expect(pathsOf({ strategies: [{ type: 'spot-spot', enabled: false, minNotional: 999 }] })).toEqual([])
  })
})

describe('names that point nowhere', () => {
  it('are reported with what was meant', () => {
    const overrides = {
      instruments: ['BTC/USDT', { symbol: 'ETH/USDT', exchanges: ['mexcc'] }],
      strategies: [
        { type: 'spot-spot', symbols: ['BTC/USDC'], exchanges: ['mexc', 'gate'] },
        { type: 'spot-spot' },
        { type: 'spot-futures' },
        { type: 'cross-exchange-market-making', makerExchange: 'mexc', hedgeExchange: 'mexc' },
        { type: 'cross-exchange-market-making', name: 'b', makerExchange: 'x', hedgeExchange: 'mexc' },
      ],
      simulation: { initialBalancesByExchange: { kraken: {} } },
    }
    expect(pathsOf(overrides).map((text) => text.replace(' (command line)', ''))).toEqual([
      "instruments.1.exchanges: 'mexcc' is no enabled exchange, did you mean 'mexc'? Enabled: mexc, gateio",
      "strategies.0.symbols.0: 'BTC/USDC' is not watched, did you mean 'BTC/USDT'? Add it to instruments",
      "strategies.0.exchanges: 'gate' is no enabled exchange, did you mean 'gateio'? Enabled: mexc, gateio",
      'strategies.0.exchanges: spot-spot needs two enabled exchanges, and there is mexc alone',
      "strategies.1.name: 'spot-spot' is the name of strategies.0 as well; give each its own",
      "strategies.2.type: spot-futures needs an exchange with 'futures' among its marketTypes",
      'strategies.3.hedgeExchange: must be another exchange than makerExchange',
      "strategies.4.makerExchange: 'x' is no enabled exchange. Enabled: mexc, gateio",
      "simulation.initialBalancesByExchange.kraken: there is no exchange 'kraken' under exchanges",
    ])
  })

  it('are refused among exchanges unless a plug-in may bring them', () => {
    const exchanges = { kraken: {} }
    expect(pathsOf({ exchanges })[0]).toMatch(/^exchanges\.kraken: unknown exchange\. Known: mexc, gateio\./)
    expect(pathsOf({ exchanges, plugins: ['exchange-kraken'] })).toEqual([])
    const known = { knownExchanges: ['mexc', 'gateio', 'krakenspot'] }
    expect(pathsOf({ exchanges, plugins: ['exchange-kraken'] }, known)[0]).toMatch(
      /unknown exchange. Known: .*krakenspot/,
    )
    expect(pathsOf({ exchanges: { gatio: {} }, plugins: ['p'] })[0]).toMatch(/did you mean 'gateio'/)
  })

  it('says that there is nothing to trade on', () => {
    const exchanges = { mexc: { enabled: false }, gateio: { enabled: false } }
    expect(pathsOf({ exchanges })[0]).toBe('exchanges: none is enabled; there is nothing to trade on (command line)')
  })
})

describe('a triangular strategy', () => {
  const instruments = ['BTC/USDT', 'ETH/USDT', 'ETH/BTC']
  const strategies = (more: Record<string, unknown> = {}): unknown[] => [{ type: 'triangular', ...more }]

  it('runs on three pairs of one exchange', () => {
    expect(pathsOf({ exchanges: { mexc: { enabled: false } }, instruments, strategies: strategies() })).toEqual([])
    expect(pathsOf({ instruments, strategies: strategies({ legOrder: 'sequential' }) })).toEqual([])
  })

  it('wants pairs that lead from its start asset round and back', () => {
    const problem =
      'strategies.0.startAssets.0: no cycle begins in USDT: watch two pairs that are quoted in it and the pair between them, such as BTC/USDT, ETH/USDT and ETH/BTC, on one exchange'
    const found = (overrides: Record<string, unknown>): string =>
      pathsOf({ instruments, strategies: strategies(), ...overrides })[0]?.replace(/ \(.*\)$/, '') ?? ''
    expect(found({ instruments: ['BTC/USDT', 'ETH/USDT'] })).toBe(problem)
    expect(found({ strategies: strategies({ symbols: ['BTC/USDT', 'ETH/BTC'] }) })).toBe(problem)
    const apart = [...instruments.slice(0, 2), { symbol: 'ETH/BTC', exchanges: ['mexc'] }]
    expect(found({ instruments: apart, strategies: strategies({ exchanges: ['gateio'] }) })).toBe(problem)
    expect(found({ instruments: apart, strategies: strategies({ exchanges: ['mexc'] }) })).toBe('')
    expect(found({ strategies: strategies({ startAssets: ['USDT', 'BTC'] }) })).toContain(
      'startAssets.1: no cycle begins in BTC',
    )
  })

  it('counts its notionals in the start asset', () => {
    expect(pathsOf({ instruments, strategies: strategies({ maxNotional: 900 }) })[0]).toMatch(
      /^strategies\.0\.maxNotional/,
    )
  })
})

describe('the server', () => {
  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('may listen on %s without a token', (host) => {
    expect(pathsOf({ server: { host } })).toEqual([])
  })

  it.each(['0.0.0.0', '::', '192.168.0.1', '127.evil.example'])('wants a token and consent for %s', (host) => {
    const found = checkConfig({ env, overrides: { server: { host } } }).problems
    expect(found.map(({ path }) => path)).toEqual(['server.host', 'server.token'])
    expect(pathsOf({ server: { host, allowRemote: true, token: '${K}' } })).toEqual([])
    expect(pathsOf({ server: { host, enabled: false } })).toEqual([])
  })
})
