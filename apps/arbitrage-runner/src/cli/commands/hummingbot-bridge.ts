import { readFile } from 'node:fs/promises'
import { ConfigurationException, maxPort } from '@cex-arbitrage/common'
import { loggingConfigSchema } from '@cex-arbitrage/config'
import { DEFAULT_PORT, FileOrderStore, HummingbotBridge, type UpstreamPlace } from '@cex-arbitrage/hummingbot'
import { InvalidArgumentError, type Command } from 'commander'
import { untilStopped } from '../../lifecycle/until-stopped.js'
import { createLogger } from '../../logging/create-logger.js'
import type { CommandContext } from '../command-context.js'

interface BridgeCommandOptions {
  readonly host: string
  readonly port: number
  readonly upstream: string
  readonly exchange: readonly (readonly [string, UpstreamPlace])[]
  readonly symbol: readonly (readonly [string, string])[]
  readonly store?: string
  readonly tlsKey?: string
  readonly tlsCert?: string
}

export function addHummingbotBridgeCommand(program: Command, context: CommandContext): void {
  program
    .command('hummingbot-bridge')
    .description(
      'Serves the Hummingbot WebSocket protocol and drives a hummingbot-api; prints one JSON line when ready.',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', readPort, DEFAULT_PORT)
    .option('--upstream <url>', 'base URL of hummingbot-api', readUrl, 'http://localhost:8000')
    .requiredOption('--exchange <name=account/connector>', 'an exchange that is served; repeatable', readExchange)
    .option(
      '--symbol <market=BASE-QUOTE>',
      'a spelling that upper case and dashes do not cover; repeatable',
      readSymbol,
      [],
    )
    .option('--store <file>', 'keeps the orders over restarts; without it a restart forgets them')
    .option('--tls-key <file>', 'private key in PEM; with --tls-cert it serves wss')
    .option('--tls-cert <file>', 'certificate in PEM')
    .addHelpText(
      'after',
      `
Secrets come from the environment:
  HUMMINGBOT_BRIDGE_KEYS    keys that clients may come with, separated by commas
  HUMMINGBOT_API_USERNAME   user and password of hummingbot-api
  HUMMINGBOT_API_PASSWORD

The line: {"ready":true,"ws"}. A Hummingbot Gateway has the same default port; choose another beside one.

Example:
  arb hummingbot-bridge --exchange binance=master_account/binance --store orders.jsonl`,
    )
    .action((options: BridgeCommandOptions) => run(options, context))
}

async function run(options: BridgeCommandOptions, context: CommandContext): Promise<void> {
  const { clock, random, output, env } = context
  const tls = await readTls(options)
  const bridge = new HummingbotBridge({
    clock,
    random,
    logger: createLogger(loggingConfigSchema.parse({}), output),
    host: options.host,
    port: options.port,
    ...(tls !== undefined && { tls }),
    clientKeys: requireEnv(env, 'HUMMINGBOT_BRIDGE_KEYS').split(','),
    upstream: {
      baseUrl: options.upstream,
      user: requireEnv(env, 'HUMMINGBOT_API_USERNAME'),
      password: requireEnv(env, 'HUMMINGBOT_API_PASSWORD'),
    },
    exchanges: Object.fromEntries(options.exchange),
    symbols: Object.fromEntries(options.symbol),
    ...(options.store !== undefined && { store: new FileOrderStore(options.store) }),
  })
  try {
    const { url } = await bridge.start().catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new ConfigurationException({ message: `The bridge cannot start: ${reason}`, cause })
    })
    if (options.store === undefined) output.note('Without --store a restart forgets the orders under way.')
    output.line(JSON.stringify({ ready: true, ws: url }))
    await untilStopped(context.stopSignal)
  } finally {
    await bridge.close()
  }
}

function requireEnv(env: CommandContext['env'], name: string): string {
  const value = env[name]
  if (value === undefined || value === '')
    throw new ConfigurationException({
      message: `The environment variable ${name} is missing. Set it and start again.`,
    })
  return value
}

async function readTls({
  tlsKey,
  tlsCert,
}: BridgeCommandOptions): Promise<{ readonly key: string; readonly cert: string } | undefined> {
  if (tlsKey === undefined && tlsCert === undefined) return undefined
  if (tlsKey === undefined || tlsCert === undefined)
    throw new ConfigurationException({ message: 'TLS needs both --tls-key and --tls-cert.' })
  return { key: await readPem(tlsKey), cert: await readPem(tlsCert) }
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConfigurationException({ message: `The file ${path} cannot be read.`, cause })
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= maxPort) return port
  throw new InvalidArgumentError(`Use a whole number from 0 to ${maxPort}.`)
}

function readUrl(text: string): string {
  if (/^https?:\/\/[^/]+\/?$/.test(text)) return text
  throw new InvalidArgumentError('Use http:// or https://, host and port, without a path.')
}

type Pairs<T> = readonly (readonly [string, T])[]

function readExchange(text: string, earlier: Pairs<UpstreamPlace> = []): Pairs<UpstreamPlace> {
  const [, name, accountName, connectorName] = /^([^=]+)=([\w-]+)\/([\w-]+)$/.exec(text) ?? []
  if (name === undefined || accountName === undefined || connectorName === undefined)
    throw new InvalidArgumentError('Use name=account/connector, for example binance=master_account/binance.')
  return [...earlier, [name, { accountName, connectorName }]]
}

function readSymbol(text: string, earlier: Pairs<string>): Pairs<string> {
  const [, market, pair] = /^([^=]+)=([A-Z0-9]+-[A-Z0-9]+)$/.exec(text) ?? []
  if (market === undefined || pair === undefined)
    throw new InvalidArgumentError('Use market=BASE-QUOTE, for example XBTUSD=BTC-USD.')
  return [...earlier, [market, pair]]
}
