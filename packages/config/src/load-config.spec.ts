import { inspect } from 'node:util'
import { ConfigurationException, Decimal } from '@cex-arbitrage/common'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseOverrides } from './core/overrides.js'
import { checkConfig, formatProblems, loadConfig, type LoadConfigOptions } from './load-config.js'
import { TemporaryFolder } from './testing/temporary-folder.js'

let folder: TemporaryFolder
beforeEach(() => {
  folder = new TemporaryFolder()
})
afterEach(() => folder.close())

const fromText = (yaml: string, options: LoadConfigOptions = {}): LoadConfigOptions => ({
  file: folder.write('config.yaml', yaml),
  env: {},
  ...options,
})

/** `path: message` of each problem, without where it was said. */
const problemsOf = (yaml: string, options: LoadConfigOptions = {}): string[] =>
  checkConfig(fromText(yaml, options)).problems.map(
    ({ path, message }) => `${path}: ${message.replace(/ \([^()]*:\d+\)$/, '')}`,
  )

describe('loadConfig', () => {
  it('runs the simulated mode with no file at all', () => {
    const config = loadConfig({ env: {} })
    expect(config.mode).toBe('simulated')
    expect(Object.keys(config.exchanges)).toEqual(['mexc', 'gateio'])
    expect(config.risk.maxNotionalPerTrade.equals(Decimal.parse('200'))).toBe(true)
    expect(config.strategies).toHaveLength(1)
  })

  it('lets the environment win over the file, and the command line over both', () => {
    const yaml = 'risk: { maxOpenOrders: 2, maxOrdersPerSecond: 2, maxConsecutiveFailures: 2 }\nlogging:\n'
    const config = loadConfig(
      fromText(yaml, {
        env: { CEX_ARBITRAGE_RISK__MAX_OPEN_ORDERS: '3', CEX_ARBITRAGE_RISK__MAX_ORDERS_PER_SECOND: '3' },
        overrides: parseOverrides(['risk.maxOpenOrders=4']),
      }),
    )
    expect(config.risk).toMatchObject({ maxOpenOrders: 4, maxOrdersPerSecond: 3, maxConsecutiveFailures: 2 })
    expect(config.logging.level).toBe('info')
  })

  it('takes the file that the environment names', () => {
    const file = folder.write('other.yaml', 'mode: paper\n')
    expect(loadConfig({ env: { CEX_ARBITRAGE_CONFIG: file } }).mode).toBe('paper')
  })

  it('lets the environment add to built-in exchanges, and a file choose them', () => {
    const env = { CEX_ARBITRAGE_EXCHANGES__MEXC__API_KEY: 'k' }
    expect(Object.keys(loadConfig({ env }).exchanges)).toEqual(['mexc', 'gateio'])
    const yaml = 'exchanges: { mexc: {} }\nstrategies: []\n'
    expect(Object.keys(loadConfig(fromText(yaml)).exchanges)).toEqual(['mexc'])
  })

  it('changes one element of a list by its index', () => {
    const overrides = parseOverrides(['strategies.0.minNetEdgeBps=9', 'instruments.1=DOGE/USDT'])
    const config = loadConfig({ env: {}, overrides })
    expect(config.strategies[0]).toMatchObject({ type: 'spot-spot', minNetEdgeBps: 9 })
    expect(config.instruments.map(({ symbol }) => symbol)).toEqual(['BTC/USDT', 'DOGE/USDT', 'SOL/USDT'])
  })

  it('keeps the digits of an amount', () => {
    const config = loadConfig(fromText("risk: { maxPositionByAsset: { SHIB: '123456789012345678.000000001' } }\n"))
    expect(config.risk.maxPositionByAsset['SHIB']?.toString()).toBe('123456789012345678.000000001')
  })

  it('hands out what nobody can change', () => {
    const config = loadConfig({ env: {} })
    const parts = [
      config,
      config.risk,
      config.risk.maxDailyLoss,
      config.strategies,
      config.strategies[0],
      config.exchanges,
    ]
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true)
  })

  it('throws one exception that carries and shows every problem', () => {
    const load = (): unknown => loadConfig(fromText('mode: lve\nserver: { port: 99999 }\n'))
    expect(load).toThrow(ConfigurationException)
    expect(load).toThrow(
      /2 problems:\n {2}mode: must be one of simulated, paper, live, got 'lve', did you mean 'live'\? \(.*config\.yaml:1\)\n {2}server\.port: must be a whole number from 0 to 65535, got 99999 \(.*config\.yaml:2\)/,
    )
    expect(formatProblems([{ path: '', message: 'odd' }])).toBe('The configuration has one problem:\n  odd')
  })
})

describe('references', () => {
  it('inserts environment variables, their defaults, and values of other types', () => {
    const yaml = [
      'server: { host: "${HOST_PART}.0.0.1", port: "${PORT}" }',
      'journal: { folder: "${UNSET:-data}/$${x}" }',
      'exchanges: { mexc: { apiKey: "${KEY}", secret: "${EMPTY:-}" }, gateio: {} }',
    ].join('\n')
    const config = loadConfig(fromText(yaml, { env: { HOST_PART: '127', PORT: '81', KEY: '007', EMPTY: '' } }))
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 81 })
    expect(config.journal.folder).toBe('data/${x}')
    expect(config.exchanges.mexc?.apiKey?.reveal()).toBe('007')
    expect(config.exchanges.mexc?.secret).toBeUndefined()
  })

  it('reads a secret from a file beside the configuration', () => {
    folder.write('key.txt', 'from-file\n')
    const config = loadConfig(
      fromText('exchanges: { mexc: { apiKey: "file:key.txt" }, gateio: {} }\n', {
        env: { CEX_ARBITRAGE_EXCHANGES__MEXC__SECRET: `file:${folder.path}/key.txt` },
      }),
    )
    expect(config.exchanges.mexc?.apiKey?.reveal()).toBe('from-file')
    expect(config.exchanges.mexc?.secret?.reveal()).toBe('from-file')
  })

  it('takes what a variable holds literally, braces and all', () => {
    const env = { CEX_ARBITRAGE_EXCHANGES__MEXC__API_KEY: 'a${b}' }
    expect(loadConfig({ env }).exchanges.mexc?.apiKey?.reveal()).toBe('a${b}')
  })

  it('names each reference that leads nowhere', () => {
    folder.write('empty.txt', '\n')
    const yaml =
      'exchanges: { mexc: { apiKey: "${NO_KEY}", secret: "file:gone" }, gateio: { apiKey: "file:empty.txt" } }\n'
    expect(problemsOf(yaml)).toEqual([
      'exchanges.mexc.apiKey: environment variable NO_KEY is not set; set it, or write ${NO_KEY:-default}',
      `exchanges.mexc.secret: the file '${folder.path}/gone' cannot be read (ENOENT)`,
      `exchanges.gateio.apiKey: the file '${folder.path}/empty.txt' is empty; it must hold the secret`,
    ])
  })

  it('makes secrets of what a plug-in names so', () => {
    const yaml =
      'plugins: [exchange-kraken]\nexchanges: { mexc: {}, kraken: { options: { passphrase: hush, tier: pro } } }\n'
    const check = checkConfig(fromText(yaml))
    expect(check.ok && check.printable).toMatchObject({
      exchanges: { kraken: { options: { passphrase: '[secret]', tier: 'pro' } } },
    })
  })
})

describe('secrets', () => {
  it('never print, in good configurations and in bad ones', () => {
    const yaml = [
      'exchanges: { mexc: { apiKey: hunter2, secret: [hunter2], apiKye: hunter2 }, gateio: { urls: { rest: "x://a:hunter2@b" } } }',
      'database: { url: "postgres://u:hunter2@h/d" }',
    ].join('\n')
    const bad = checkConfig(fromText(yaml))
    expect(bad.ok).toBe(false)
    expect(inspect(bad, { depth: 9 }) + JSON.stringify(bad)).not.toContain('hunter2')
    const good = checkConfig(fromText(yaml.split('\n')[1] ?? ''))
    expect(good.ok).toBe(true)
    expect(inspect(good, { depth: 9 }) + JSON.stringify(good)).not.toContain('hunter2')
  })

  it('are refused on the command line, where others see them', () => {
    const overrides = parseOverrides(['exchanges.mexc.apiKey=abc', 'exchanges.mexc.secret=${S}', 'live.armed=true'])
    expect(problemsOf('', { overrides, env: { S: 's' } })).toEqual([
      'live.armed: belongs in the file or the environment; the command line says --arm (command line)',
      'exchanges.mexc.apiKey: a secret on the command line can be seen by others; use ${VARIABLE} or file:path (command line)',
    ])
  })
})

describe('problems of values', () => {
  it.each<[string, string]>([
    ['server: { port: -1 }', 'server.port: must be a whole number from 0 to 65535, got -1'],
    ['server: { port: eighty }', "server.port: expected a whole number from 0 to 65535, got 'eighty'"],
    ['server: { enabled: "yes" }', "server.enabled: expected true or false, got 'yes'"],
    ['server: 5', 'server: expected a section with keys of its own, got 5'],
    ['risk: { maxOpenOrders: 1.5 }', 'risk.maxOpenOrders: expected a whole number from 1 to 1000, got 1.5'],
    [
      'risk: { maxDailyLoss: -5 }',
      'risk.maxDailyLoss: must be plain digits such as 0.001, or a number, 0 or more, got -5',
    ],
    ['risk: { maxDailyLoss: much }', "risk.maxDailyLoss: write plain digits, such as 0.001, got 'much'"],
    [
      'risk: { maxDailyLoss: [1] }',
      'risk.maxDailyLoss: expected plain digits such as 0.001, or a number, 0 or more, got a list',
    ],
    [
      'journal: { fsync: interva }',
      "journal.fsync: must be one of always, interval, never, got 'interva', did you mean 'interval'?",
    ],
    [
      'logging: { levl: info }',
      "logging.levl: unknown key, did you mean 'level'? Allowed here: level, format, file, includeStacks",
    ],
    [
      'exchanges: { mexc: { streamIntervalMs: 50 }, gateio: {} }',
      'exchanges.mexc.streamIntervalMs: expected 10, or 100, got 50',
    ],
    [
      'exchanges: { mexc: { apiKey: 5 }, gateio: {} }',
      'exchanges.mexc.apiKey: expected a text: the secret in quotes, ${VARIABLE} or file:path',
    ],
    [
      'exchanges: { Mexc: {}, mexc: {}, gateio: {} }',
      "exchanges.Mexc: unknown exchange, did you mean 'mexc'? Known: mexc, gateio. An exchange of a plug-in needs its npm package under plugins",
    ],
    [
      'exchanges: { mexc: { fees: { makerBps: 0 } }, gateio: {} }',
      'exchanges.mexc.fees.takerBps: is missing; expected a number from -50 to 500',
    ],
    ['instruments: [btc/usdt]', "instruments.0: write BASE/QUOTE in capitals, such as BTC/USDT, got 'btc/usdt'"],
    ['instruments: []', 'instruments: must be a list with at least one entry, got a list'],
    ['instruments: [5]', 'instruments.0: expected BASE/QUOTE, or a section with keys of its own, got 5'],
    [
      'instruments: [{ symbol: A/B, colour: red }]',
      'instruments.0.colour: unknown key. Allowed here: symbol, marketTypes, exchanges',
    ],
    [
      'strategies: [{ type: spotspot }]',
      "strategies.0.type: must be one of spot-spot, triangular, spot-futures, cross-exchange-market-making, got 'spotspot', did you mean 'spot-spot'?",
    ],
    [
      'strategies: [{}]',
      'strategies.0.type: must be one of spot-spot, triangular, spot-futures, cross-exchange-market-making',
    ],
    ['plugins: ["Not A Name"]', "plugins.0: write the name of an npm package, got 'Not A Name'"],
    [
      'risk: { maxPositionByAsset: { btc: 1 } }',
      "risk.maxPositionByAsset.btc: 'btc' is no name for it: write tickers in capitals",
    ],
    ['- 1', ': a configuration is a mapping of sections, such as `mode: simulated`'],
  ])('says what is allowed: %s', (yaml, problem) => {
    expect(problemsOf(yaml)).toEqual([problem])
  })

  it('says where a key belongs that stands in the wrong section', () => {
    expect(problemsOf('maxOpenOrders: 5')[0]).toMatch(
      /^maxOpenOrders: unknown key, it belongs to 'risk\.maxOpenOrders'\./,
    )
  })

  it('knows the keys of a strategy by its type', () => {
    const [problem] = problemsOf('strategies: [{ type: triangular, entryBasisBps: 5 }]')
    expect(problem).toMatch(
      /^strategies\.0\.entryBasisBps: unknown key, it belongs to 'strategies\.\*\.entryBasisBps'\. Allowed here: type, .*startAssets, legOrder$/,
    )
  })

  it('reports a file that is no YAML, is not there, or repeats a key', () => {
    expect(problemsOf('a: [')[0]).toMatch(/^: line 1 is no YAML: /)
    expect(problemsOf('mode: paper\nmode: live')[0]).toMatch(/^: line 2 is no YAML: Map keys must be unique/)
    expect(problemsOf('risk: *nowhere')[0]).toMatch(/^: /)
    expect(checkConfig({ file: `${folder.path}/gone.yaml`, env: {} }).problems).toEqual([
      { path: '', message: `the configuration file '${folder.path}/gone.yaml' cannot be read (ENOENT)` },
    ])
  })

  it('says which variable a wrong value came from', () => {
    const env = { CEX_ARBITRAGE_SERVER__PORT: '70000' }
    expect(problemsOf('', { env })).toEqual([
      'server.port: must be a whole number from 0 to 65535, got 70000 (CEX_ARBITRAGE_SERVER__PORT)',
    ])
  })

  it('reports wrong values and contradictions of right ones together', () => {
    expect(
      problemsOf('server: { port: -1, host: 0.0.0.0, allowRemote: true }\nrisk: { maxAgeSkewMs: 5000 }\n'),
    ).toEqual([
      'server.port: must be a whole number from 0 to 65535, got -1',
      'risk.maxAgeSkewMs: is 5000, more than risk.maxQuoteAgeMs (1500)',
      "server.token: is needed when the server listens on '0.0.0.0'",
    ])
  })

  it('does not hold a default against a value that was wrong', () => {
    const yaml =
      'risk: { maxQuoteAgeMs: long, maxAgeSkewMs: 5000 }\nstrategies: [{ type: spot-spot, maxNotional: 9000, minNetEdgeBps: x }]\n'
    expect(problemsOf(yaml).map((problem) => problem.split(':')[0])).toEqual([
      'strategies.0.minNetEdgeBps',
      'risk.maxQuoteAgeMs',
    ])
  })

  it('is not fooled by keys that objects have by nature', () => {
    expect(
      problemsOf('constructor: 1\n__proto__: { mode: live }\ntoString: 2\n').map((text) => text.split(':')[0]),
    ).toEqual(['constructor', '__proto__', 'toString'])
  })
})

describe('a part of the configuration', () => {
  it('is read without what is wrong elsewhere, without keys and without arming', () => {
    const text = 'mode: live\nserver: { port: 9000 }\nrisk: { nothing: 1 }\nexchanges: { mexc: { apiKey: "${UNSET}" } }'
    const source = { ...fromText(text), env: { CEX_ARBITRAGE_RISK__MAX_OPEN_ORDERS: 'x', CEX_ARBITRAGE_WRONG: '1' } }
    expect(checkConfig(source).ok).toBe(false)
    const config = loadConfig({
      ...source,
      overrides: { server: { host: '127.0.0.2' }, mode: 'live' },
      only: ['server'],
    })
    expect(config.server).toMatchObject({ port: 9_000, host: '127.0.0.2' })
    expect(config.mode).toBe('simulated')
  })

  it('is refused for what is wrong in it', () => {
    expect(() => loadConfig({ ...fromText('server: { port: -1 }'), only: ['server'] })).toThrow(ConfigurationException)
  })
})

describe('addresses', () => {
  it('may end in a slash, and say no path where the path is signed', () => {
    const { exchanges } = loadConfig(
      fromText('exchanges: { mexc: { urls: { rest: https://one.test:444/ } }, gateio: {} }'),
    )
    expect(exchanges.mexc?.urls.rest).toBe('https://one.test:444')
    const without = 'write scheme, host and port alone, without a path: the paths are part of what is signed'
    expect(
      problemsOf(
        'exchanges: { mexc: { urls: { rest: https://one.test/api } }, gateio: { urls: { futuresRest: https://two.test?a } } }',
      ),
    ).toEqual([
      `exchanges.mexc.urls.rest: ${without}, got 'https://one.test/api'`,
      `exchanges.gateio.urls.futuresRest: ${without}, got 'https://two.test?a'`,
    ])
    expect(problemsOf('exchanges: { mexc: { urls: { rest: one.test } }, gateio: {} }')).toEqual([
      "exchanges.mexc.urls.rest: write a full address that begins with https:// or http://, got 'one.test'",
    ])
  })
})

describe('parseOverrides', () => {
  it('reads values as YAML where the schema wants no text', () => {
    expect(parseOverrides(['mode=live', 'server.port=1', 'plugins=[a]', 'journal.folder=a=b'])).toEqual({
      mode: 'live',
      server: { port: 1 },
      plugins: ['a'],
      journal: { folder: 'a=b' },
    })
  })

  it('names every word that is no assignment', () => {
    expect(() => parseOverrides(['mode', 'a=1', '=2', '.x=1'])).toThrow(ConfigurationException)
  })
})
