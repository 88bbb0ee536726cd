import { readFileSync } from 'node:fs'
import { createJsonSchema, type JsonSchemaNode } from '@cex-arbitrage/config'
import { describe, expect, it } from 'vitest'

const app = 'apps/arbitrage-runner/src'
const exchanges = 'packages/exchanges/src/implementations'
const consistency = 'packages/config/src/core/consistency'

/** Who reads the settings below a path; the longest path that fits counts, and `*` stands for any name. */
const readers: Readonly<Record<string, readonly string[]>> = {
  mode: [`${app}/lifecycle/engine-host.ts`],
  'live.armed': [`${consistency}.ts`],
  'exchanges.*': [
    `${app}/composition/connect-venues.ts`,
    `${app}/composition/exchange-contexts.ts`,
    `${app}/watchdog/watched-markets.ts`,
    'packages/config/src/exchanges/exchanges-config.ts',
  ],
  'exchanges.*.fees': [`${app}/composition/configured-fees.ts`],
  'exchanges.*.options': [`${app}/composition/exchange-contexts.ts`],
  // Passed on whole, and read by the connector's own schema of options.
  'exchanges.*.rateLimitShare': [`${exchanges}/mexc/rate-limits.ts`, `${exchanges}/gateio/rate-limits.ts`],
  'exchanges.*.cancelReserveShare': [`${exchanges}/mexc/rate-limits.ts`, `${exchanges}/gateio/rate-limits.ts`],
  'exchanges.*.orderEntry': [`${exchanges}/gateio/order-gateway.ts`],
  'exchanges.*.recvWindowMs': [`${exchanges}/mexc/rest-client.ts`],
  'exchanges.*.bookDepth': [`${exchanges}/mexc/market-dialect.ts`],
  'exchanges.*.streamIntervalMs': [`${exchanges}/mexc/market-dialect.ts`, `${exchanges}/gateio/capabilities.ts`],
  'exchanges.*.bookFeed': [`${exchanges}/gateio/capabilities.ts`],
  'exchanges.*.account': [`${exchanges}/gateio/private-exchange.ts`],
  'exchanges.*.useTestnet': [`${exchanges}/gateio/rest-client.ts`, `${exchanges}/gateio/ws-protocol.ts`],
  plugins: [`${app}/lifecycle/engine-host.ts`],
  instruments: [`${app}/composition/connect-venues.ts`],
  strategies: [
    `${app}/composition/strategies.ts`,
    `${app}/composition/strategy-options.ts`,
    `${app}/composition/trading-settings.ts`,
    `${app}/composition/leverages.ts`,
  ],
  risk: [`${app}/composition/trading-settings.ts`, `${app}/composition/container.ts`],
  execution: [
    `${app}/composition/trading-settings.ts`,
    `${app}/composition/container.ts`,
    `${app}/lifecycle/engine-host.ts`,
  ],
  'execution.rehearsal': [`${app}/composition/rehearsal.ts`, `${app}/lifecycle/engine-host.ts`],
  simulation: [`${app}/composition/simulated-venues.ts`],
  paper: [`${app}/composition/accounts.ts`],
  network: [`${app}/composition/network-tuning.ts`, `${app}/composition/container.ts`],
  'network.circuitBreaker': ['packages/networking/src/rest/circuit-breaker.ts'],
  logging: [`${app}/logging/create-logger.ts`],
  tracing: [`${app}/tracing/open-tracing.ts`],
  database: [`${app}/composition/open-history.ts`],
  journal: [`${app}/composition/open-journal.ts`, `${app}/composition/container.ts`],
  server: [`${app}/lifecycle/engine-door.ts`, `${consistency}.ts`],
  killSwitch: [`${app}/composition/halt-file.ts`],
}

/** Paths of the settings; names that are free are `*`, elements of lists have their list's path. */
function leavesOf(node: JsonSchemaNode, path: readonly string[] = []): string[] {
  const open = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined
  const below = [
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => leavesOf(child, [...path, key])),
    ...(open === undefined || isAmount(open) ? [] : leavesOf(open, [...path, '*'])),
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((branch) => leavesOf(branch, path)),
    ...(node.items === undefined ? [] : leavesOf(node.items, path)),
  ]
  return below.length > 0 ? below : [path.join('.')]
}

/** Records of amounts are settings by themselves. */
const isAmount = (node: JsonSchemaNode): boolean => node.properties === undefined

const withAnyExchange = (path: string): string => path.replace(/^exchanges\.[^.]+/, 'exchanges.*')

function readersOf(path: string): readonly string[] | undefined {
  const parts = path.split('.')
  for (let length = parts.length; length > 0; length--) {
    const found = readers[parts.slice(0, length).join('.')]
    if (found !== undefined) return found
  }
  return undefined
}

const textOf = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')

const isRead = (path: string): boolean => {
  const key = path.split('.').findLast((part) => part !== '*')!
  return readersOf(path)?.some((file) => new RegExp(`\\b${key}\\b`).test(textOf(file))) ?? false
}

describe('every setting of the configuration', () => {
  const paths = [...new Set(leavesOf(createJsonSchema()).map(withAnyExchange))]

  it('reaches somebody', () => {
    expect(paths.length).toBeGreaterThan(100)
    expect(paths.filter((path) => !isRead(path))).toEqual([])
  })
})
