import { isIP } from 'node:net'
import type { EngineConfig } from './base-config.js'
import type { ConfigPath } from './schema-tree.js'
import type { ConsistencyContext, Contradiction, Report } from './contradiction.js'
import { checkExchanges } from './consistency-exchanges.js'
import { checkStrategies } from './consistency-strategies.js'

/** What no single value shows: limits that exclude each other, names that point nowhere, live mode without arming. */
export function findContradictions(config: EngineConfig, context: ConsistencyContext): readonly Contradiction[] {
  const found: Contradiction[] = []
  const report: Report = (path, message, ...involved) => {
    found.push({ path, message, involved: [path, ...involved] })
  }
  checkMode(config, context, report)
  checkExchanges(config, context, report)
  checkStrategies(config, report)
  checkRisk(config, report)
  checkTimes(config, report)
  checkSimulation(config, report)
  checkServer(config, report)
  return found
}

function checkMode(config: EngineConfig, context: ConsistencyContext, report: Report): void {
  if (config.mode !== 'live') {
    if (context.arm) report(['mode'], `--arm goes with live mode alone; the mode is ${config.mode}`)
    return
  }
  if (!config.live.armed)
    report(['live', 'armed'], 'live mode sends real orders: set live.armed to true in the file or the environment', [
      'mode',
    ])
  if (!context.arm) report(['mode'], 'live mode sends real orders: say --arm on the command line as well')
}

function checkRisk({ risk }: EngineConfig, report: Report): void {
  const { maxNotionalPerTrade, maxExposurePerExchange, maxExposureTotal, maxResidualNotional } = risk
  if (maxNotionalPerTrade.greaterThan(maxExposurePerExchange))
    report(
      ['risk', 'maxNotionalPerTrade'],
      `is ${maxNotionalPerTrade.toString()}, more than risk.maxExposurePerExchange (${maxExposurePerExchange.toString()})`,
      ['risk', 'maxExposurePerExchange'],
    )
  if (maxNotionalPerTrade.greaterThan(maxExposureTotal))
    report(
      ['risk', 'maxNotionalPerTrade'],
      `is ${maxNotionalPerTrade.toString()}, more than risk.maxExposureTotal (${maxExposureTotal.toString()})`,
      ['risk', 'maxExposureTotal'],
    )
  if (maxResidualNotional.greaterThan(maxNotionalPerTrade))
    report(
      ['risk', 'maxResidualNotional'],
      `is ${maxResidualNotional.toString()}, more than a whole trade (risk.maxNotionalPerTrade, ${maxNotionalPerTrade.toString()})`,
      ['risk', 'maxNotionalPerTrade'],
    )
  notAbove(report, ['risk', 'maxAgeSkewMs'], risk.maxAgeSkewMs, ['risk', 'maxQuoteAgeMs'], risk.maxQuoteAgeMs)
}

function checkTimes({ network, execution }: EngineConfig, report: Report): void {
  const { retry, circuitBreaker, websocket } = network
  const at = (...keys: readonly string[]): ConfigPath => ['network', ...keys]
  notAbove(report, at('retry', 'initialDelayMs'), retry.initialDelayMs, at('retry', 'maxDelayMs'), retry.maxDelayMs)
  notAbove(
    report,
    at('circuitBreaker', 'openMs'),
    circuitBreaker.openMs,
    at('circuitBreaker', 'maxOpenMs'),
    circuitBreaker.maxOpenMs,
  )
  notAbove(
    report,
    at('websocket', 'reconnectInitialDelayMs'),
    websocket.reconnectInitialDelayMs,
    at('websocket', 'reconnectMaxDelayMs'),
    websocket.reconnectMaxDelayMs,
  )
  notAbove(report, at('connectTimeoutMs'), network.connectTimeoutMs, at('requestTimeoutMs'), network.requestTimeoutMs)
  if (websocket.silenceTimeoutMs < 2 * websocket.heartbeatIntervalMs)
    report(
      at('websocket', 'silenceTimeoutMs'),
      `is ${websocket.silenceTimeoutMs}, less than two pings take (network.websocket.heartbeatIntervalMs ${websocket.heartbeatIntervalMs}): a quiet connection would be cut`,
      at('websocket', 'heartbeatIntervalMs'),
    )
  notAbove(
    report,
    ['execution', 'reconcileIntervalMs'],
    execution.reconcileIntervalMs,
    ['execution', 'unknownHaltMs'],
    execution.unknownHaltMs,
  )
}

function checkSimulation({ simulation, exchanges }: EngineConfig, report: Report): void {
  const { dislocations } = simulation
  const at = (key: string): ConfigPath => ['simulation', 'dislocations', key]
  notAbove(report, at('minSizeBps'), dislocations.minSizeBps, at('maxSizeBps'), dislocations.maxSizeBps)
  notAbove(report, at('minDurationMs'), dislocations.minDurationMs, at('maxDurationMs'), dislocations.maxDurationMs)
  for (const name of Object.keys(simulation.initialBalancesByExchange))
    if (exchanges[name] === undefined)
      report(['simulation', 'initialBalancesByExchange', name], `there is no exchange '${name}' under exchanges`, [
        'exchanges',
      ])
}

function checkServer({ server }: EngineConfig, report: Report): void {
  if (!server.enabled || isLoopback(server.host)) return
  if (!server.allowRemote)
    report(
      ['server', 'host'],
      `'${server.host}' can be reached from other machines: set server.allowRemote to true if that is meant`,
      ['server', 'allowRemote'],
    )
  if (server.token === undefined)
    report(['server', 'token'], `is needed when the server listens on '${server.host}'`, ['server', 'host'])
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

function notAbove(report: Report, path: ConfigPath, value: number, limitPath: ConfigPath, limit: number): void {
  if (value > limit) report(path, `is ${value}, more than ${limitPath.join('.')} (${limit})`, limitPath)
}
