import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { FaultRule } from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createOpenApiDocument } from '../server/openapi/create-openapi-document.js'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { Canaries } from '../testing/canaries.js'
import { CommandLine } from '../testing/command-line.js'
import { LocalVenues } from '../testing/local-venues.js'

const secrets = {
  key: 'canary-key-7Qd1',
  secret: 'canary-secret-Zr84',
  token: 'canary-token-m3Xe',
  password: 'canary-password-Vb59',
} as const

const accounts = [
  {
    id: 'trader',
    uid: 7,
    keys: [{ key: secrets.key, secret: secrets.secret, permission: 'trade' as const }],
    balances: { USDT: '100000', BTC: '2', ETH: '40', SOL: '900' },
  },
]

/** Whatever makes the engine complain: each of these writes to the log, the status or an error. */
const faults: readonly FaultRule[] = [
  { kind: 'error_before', probability: 0.1, mode: 'html' },
  { kind: 'error_after', probability: 0.1 },
  { kind: 'lost_acknowledgement', route: 'POST *', probability: 0.2 },
  { kind: 'response_truncate', probability: 0.1 },
  { kind: 'rate_limited', probability: 0.05 },
  { kind: 'truncate', probability: 0.02 },
  { kind: 'clock_skew', offsetMs: 3_000, afterMs: 1_500, durationMs: 500 },
  { kind: 'session_expiry', afterMs: 1_000, count: 1 },
  { kind: 'disconnect', afterMs: 2_000, count: 2 },
]

let folder = ''
let venues: LocalVenues
let canaries: Canaries
let running: { readonly line: CommandLine; readonly ended: Promise<unknown> } | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-canaries-'))
  venues = await LocalVenues.start(3, { accounts })
  canaries = new Canaries(secrets)
})
afterEach(async () => {
  running?.line.stop()
  await running?.ended
  running = undefined
  await venues.close()
  await rm(folder, { recursive: true })
})

const inFolder = (name: string): string => join(folder, name)

/** Starts a program of the command line; `env` comes over what carries the keys. */
async function command(
  args: readonly string[],
  overrides: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<CommandLine> {
  const { env: keys, overrides: settings } = venues.sources({
    mode: 'live',
    server: { port: 0, controlFile: inFolder('control.json') },
    journal: { folder: inFolder('journal') },
    killSwitch: { file: inFolder('KILL') },
    strategies: [{ type: 'spot-spot', coolDownMs: 0 }],
    logging: { level: 'debug', format: 'pretty', file: inFolder('engine.log') },
    risk: { maxConsecutiveFailures: 1_000, maxDailyLoss: 100_000 },
    ...overrides,
  })
  await writeFile(inFolder('config.yaml'), JSON.stringify(settings))
  const database = { CEX_ARBITRAGE_DATABASE__URL: `sqlite:${inFolder('history.db')}` }
  const line = new CommandLine({ ...keys, ...database, ...env })
  const ended = line.run(...args, '--config', inFolder('config.yaml'))
  running = { line, ended }
  return line
}

/** The same, until it ends. */
async function finished(...args: Parameters<typeof command>): Promise<CommandLine> {
  const line = await command(...args)
  await running!.ended
  return line
}

function lookAtOutput(place: string, { output }: CommandLine): void {
  canaries.look(place, [...output.lines, ...output.notes, output.rawText].join('\n'))
}

async function startEngine(env: Readonly<Record<string, string>>): Promise<string> {
  const line = await command(['run', '--arm'], {}, env)
  const address = (): string | undefined => /Status: (\S+)\/status/.exec(line.output.lines.join('\n'))?.[1]
  await waitFor(() => address() !== undefined || line.exitCode !== 0, 'the engine to start', 30_000)
  const found = address()
  if (found === undefined) throw new Error(line.output.notes.join('\n'))
  return found
}

const statusOf = async (address: string): Promise<StatusSnapshot> =>
  (await (await fetch(`${address}/status`)).json()) as StatusSnapshot

const faultsInjected = (): number =>
  [...venues.hosts.values()].flatMap(({ faults: all }) => Object.values(all.injected)).reduce((sum, n) => sum + n, 0)

async function lookAtAnswers(address: string, token: string): Promise<void> {
  const { paths } = createOpenApiDocument() as { paths: Record<string, Record<string, unknown>> }
  for (const [path, methods] of Object.entries(paths)) {
    if (path === '/live' || path === '/stop' || path === '/halt') continue
    for (const method of Object.keys(methods))
      for (const shown of [token, 'wrong']) {
        const withBody = method !== 'get'
        const response = await fetch(`${address}${path}`, {
          method: method.toUpperCase(),
          headers: {
            authorization: `Bearer ${shown}`,
            ...(withBody && { 'content-type': 'application/json' }),
          },
          ...(withBody && { body: '{}' }),
        })
        canaries.look(`API ${path}`, `${await response.text()}\n${JSON.stringify([...response.headers])}`)
      }
  }
  const page = await fetch(`${address}/`)
  canaries.look('page', `${await page.text()}\n${JSON.stringify([...page.headers])}`)
}

async function lookAtLiveStream(address: string): Promise<void> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/live`, ['live'])
  const messages: string[] = []
  socket.on('message', (data: Buffer) => messages.push(data.toString()))
  await once(socket, 'open')
  await waitFor(() => messages.length >= 5, 'updates')
  socket.terminate()
  canaries.look('live stream', messages.join('\n'))
}

describe('a secret', () => {
  it('is found where it is written, in any spelling', () => {
    canaries.look('plain', `key=${secrets.key}`)
    canaries.look('header', Buffer.from(secrets.token).toString('base64url'))
    canaries.look('address', `/api/v3/order?symbol=BTCUSDT&signature=${'0f'.repeat(32)}`)
    canaries.look('stream', 'wss://wbs/ws?listenKey=pqia91ma19a5s61cv6a81va65sdf19v8a65a1a')
    canaries.look('allowed', secrets.token, ['token'])
    expect(canaries.found).toEqual([
      'key in plain',
      'token in header',
      'a signature in address',
      'a listen key in stream',
    ])
  })

  it('leaves a live engine nowhere, however its exchanges fail', async () => {
    const { token } = secrets
    const address = await startEngine({ CEX_ARBITRAGE_SERVER__TOKEN: token })
    await waitFor(async () => (await statusOf(address)).recentTrades.length > 0, 'a trade', 20_000)
    for (const host of venues.hosts.values()) for (const rule of faults) host.faults.add(rule)
    await waitFor(() => faultsInjected() > 40, 'faults to be injected', 20_000)
    await waitFor(
      async () => (await statusOf(address)).exchanges.some(({ reconnects }) => reconnects > 0),
      'a reconnect',
    )
    await lookAtAnswers(address, token)
    await lookAtLiveStream(address)
    for (const host of venues.hosts.values()) host.faults.clear()
    const other = new CommandLine({ CEX_ARBITRAGE_SERVER__TOKEN: token })
    const control = ['--set', `server.controlFile=${inFolder('control.json')}`]
    for (const args of [['status', '--json'], ['trades'], ['halt'], ['resume', 'command'], ['resume', 'nonsense']])
      await other.run(...args, ...control)
    lookAtOutput('command line', other)
    const controlFile = await readFile(inFolder('control.json'), 'latin1')
    canaries.look('control file', controlFile)
    running!.line.stop()
    await running!.ended
    lookAtOutput('output', running!.line)
    const rebuilt = await finished(['rebuild-database'])
    lookAtOutput('rebuild', rebuilt)
    expect(rebuilt.exitCode).toBe(0)
    await canaries.lookThrough(folder)
    expect(canaries.found).toEqual([])
    const places = [...canaries.seen].filter(([, bytes]) => bytes > 1_000).map(([place]) => place)
    expect(places).toEqual(
      expect.arrayContaining(['engine.log', 'history.db', 'output', 'API /metrics', 'live stream']),
    )
    expect(places.some((place) => place.startsWith('journal'))).toBe(true)
  }, 120_000)

  it('that the engine made stands in the control file alone', async () => {
    const address = await startEngine({})
    const { token } = JSON.parse(await readFile(inFolder('control.json'), 'utf8')) as { readonly token: string }
    canaries = new Canaries({ ...secrets, made: token })
    await lookAtAnswers(address, token)
    await canaries.lookThrough(folder, { 'control.json': ['made'] })
    running!.line.stop()
    await running!.ended
    lookAtOutput('output', running!.line)
    await canaries.lookThrough(folder)
    expect(canaries.found).toEqual([])
    expect(token.length).toBeGreaterThan(30)
  }, 60_000)

  it('is in no recording, replay or report', async () => {
    const recording = inFolder('recording')
    const database = { database: { enabled: false } }
    const paper = {
      ...database,
      mode: 'paper',
      logging: { level: 'debug', format: 'pretty', file: inFolder('engine.log') },
    }
    const env = { CEX_ARBITRAGE_SERVER__TOKEN: secrets.token, CEX_ARBITRAGE_LIVE__ARMED: 'false' }
    const recorded = await finished(['record', '--duration', '3s', '--out', recording, '--json'], paper, env)
    expect(recorded.output.notes.join('\n')).not.toContain('Error')
    expect(recorded.exitCode).toBe(0)
    lookAtOutput('record', recorded)
    for (const args of [
      ['replay', '--in', recording, '--json'],
      ['report', '--in', recording, '--out', inFolder('report')],
    ]) {
      const line = new CommandLine(env)
      await line.run(...args)
      lookAtOutput(args[0]!, line)
      expect(line.exitCode).toBe(0)
    }
    await canaries.lookThrough(folder)
    expect(canaries.found).toEqual([])
    expect([...canaries.seen.keys()]).toEqual(
      expect.arrayContaining([join('recording', 'frames.arbrec'), join('report', 'report.html'), 'engine.log']),
    )
    expect(canaries.seen.get(join('recording', 'frames.arbrec'))).toBeGreaterThan(10_000)
  }, 90_000)

  it.each([
    [
      'of a database that is away',
      { CEX_ARBITRAGE_DATABASE__URL: `postgres://arb:${secrets.password}@127.0.0.1:9/arb` },
    ],
    ['of an address that is none', { CEX_ARBITRAGE_DATABASE__URL: `postgres://arb:${secrets.password}@[host:x/arb` }],
    ['that the exchange does not know', { CEX_ARBITRAGE_EXCHANGES__MEXC__API_KEY: `${secrets.password}-other` }],
    ['that does not fit its key', { CEX_ARBITRAGE_EXCHANGES__GATEIO__SECRET: `${secrets.password}-other` }],
    ['in a setting that is wrong', { CEX_ARBITRAGE_EXCHANGES__GATEIO__RATE_LIMIT_SHARE: '7' }],
  ])(
    '%s is in no error',
    async (_, env) => {
      for (const args of [['run', '--arm'], ['check-config', '--arm'], ['rebuild-database']]) {
        const line = await finished(args, {}, env)
        lookAtOutput(args.join(' '), line)
        if (args[0] === 'run') expect(line.exitCode).not.toBe(0)
      }
      await canaries.lookThrough(folder)
      expect(canaries.found).toEqual([])
    },
    60_000,
  )
})
