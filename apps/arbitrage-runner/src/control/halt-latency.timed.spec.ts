import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decimal } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { VenueHost, VenueOptions } from '@cex-arbitrage/simulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { CommandLine } from '../testing/command-line.js'
import { LocalVenues } from '../testing/local-venues.js'

const limitMs = 100
/** A busy machine may hold any single attempt up, so the best of some counts. */
const attempts = 5

let folder = ''
let venues: LocalVenues
let engine: CommandLine
let ended: Promise<unknown>
async function stopEngine(): Promise<void> {
  engine.stop()
  await ended
  await venues.close()
  await rm(folder, { recursive: true })
}

const config = (): string => join(folder, 'config.yaml')

async function startEngine(
  market: VenueOptions = {},
  overrides: Readonly<Record<string, unknown>> = {},
  fees?: object,
): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-halt-'))
  venues = await LocalVenues.start(3, market)
  const common = {
    mode: 'live',
    server: { port: 0, controlFile: join(folder, 'control.json') },
    killSwitch: { file: join(folder, 'KILL') },
    journal: { folder: join(folder, 'journal') },
    database: { enabled: false },
    strategies: [{ type: 'spot-spot', coolDownMs: 0 }],
    ...overrides,
  }
  const { env, overrides: settings } = venues.sources(common, fees === undefined ? {} : { fees })
  await writeFile(config(), JSON.stringify(settings))
  engine = new CommandLine(env)
  ended = engine.run('run', '--arm', '--config', config())
  await waitFor(() => engine.output.lines.some((line) => line.startsWith('Connected')), 'the engine', 20_000)
}

/** With the engine's own configuration, but without its keys and without arming: to halt nobody should need them. */
async function arb(...args: readonly string[]): Promise<CommandLine> {
  const line = new CommandLine()
  return line.run(...args, '--config', config())
}

async function status(): Promise<StatusSnapshot> {
  const { output } = await arb('status', '--json')
  return JSON.parse(output.lines[0]!) as StatusSnapshot
}

const isHaltedBy = async (rule: string): Promise<boolean> => (await status()).halts.some((halt) => halt.rule === rule)

async function isTrading(): Promise<boolean> {
  const { state, recentTrades } = await status()
  return state === 'trading' && recentTrades.length > 0
}

const orderCount = (): number =>
  [...venues.hosts.values()].reduce((sum, host) => sum + host.truth().orders.filter(isEngines).length, 0)

const isEngines = ({ accountId }: { readonly accountId: string }): boolean => accountId === 'trader'

/** Milliseconds from the cause until the engine says that it is halted, the best of some attempts. */
async function measure(rule: string, cause: () => unknown, undo: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < attempts && best > limitMs; attempt++) {
    await waitFor(isTrading, 'trading', 20_000)
    const startedAt = performance.now()
    await cause()
    await waitFor(() => isHaltedBy(rule), `the halt by ${rule}`)
    best = Math.min(best, performance.now() - startedAt)
    await undo()
    await waitFor(async () => !(await isHaltedBy(rule)), `the end of the halt by ${rule}`)
  }
  return best
}

/** An order with our prefix that nobody asked for: the engine has to cancel it, halted or not. */
function placeStray(host: VenueHost): () => boolean {
  const placed = host.core.place({
    accountId: 'trader',
    symbol: 'BTC/USDT',
    side: 'buy',
    kind: 'limit',
    timeInForce: 'gtc',
    priceTicks: Math.floor(host.core.engine('BTC/USDT').ladder('buy').best!.priceTicks / 2),
    quantityLots: 1_000,
    clientOrderId: 'arb-stray',
  })
  if (!('order' in placed)) throw new Error('The venue has refused the order.')
  return () => placed.order.isOpen
}

describe('a running engine', () => {
  beforeAll(() => startEngine(), 30_000)
  afterAll(stopEngine)

  it('stops opening within 100 ms of a command, a call, a signal and a file', async () => {
    const { address, token } = JSON.parse(await readFile(join(folder, 'control.json'), 'utf8')) as {
      readonly address: string
      readonly token: string
    }
    const call = (): Promise<Response> =>
      fetch(`${address}/halt`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    const resume = (rule: string) => (): Promise<CommandLine> => arb('resume', rule)
    expect(await measure('command', () => arb('halt', '--reason', 'a drill'), resume('command'))).toBeLessThan(limitMs)
    expect(await measure('api', call, resume('api'))).toBeLessThan(limitMs)
    expect(await measure('signal', () => engine.sendHaltSignal(), resume('signal'))).toBeLessThan(limitMs)
    const file = join(folder, 'KILL')
    expect(
      await measure(
        'file',
        () => writeFile(file, ''),
        () => rm(file),
      ),
    ).toBeLessThan(limitMs)
  }, 60_000)

  it('sends nothing more while it is halted, and still cancels', async () => {
    await waitFor(isTrading, 'trading', 20_000)
    const { output } = await arb('halt', '--reason', 'a drill')
    expect(output.lines.join('\n')).toContain('command: Halted: a drill')
    await waitFor(
      async () => (await status()).exchanges.every(({ openOrders }) => openOrders === 0),
      'open trades to end',
    )
    const before = orderCount()
    const rests = placeStray(venues.hosts.get('mexc')!)
    await waitFor(() => !rests(), 'the cancel of a stray order')
    const evaluated = (await status()).opportunities.found
    await waitFor(
      async () => (await status()).opportunities.found > evaluated + 5,
      'opportunities to be let go',
      15_000,
    )
    expect(orderCount()).toBe(before + 1)
    expect((await arb('resume', 'nonsense')).exitCode).not.toBe(0)
    const halts = JSON.parse((await arb('halt', '--json')).output.lines[0]!) as unknown
    expect(halts).toMatchObject({ halts: [{ rule: 'command' }] })
    expect((await arb('resume', 'command')).output.lines).toEqual(['The engine trades.'])
    await waitFor(() => orderCount() > before + 1, 'trading again', 15_000)
  }, 60_000)

  it('splits the difference between expected and realised profit of every trade exactly', async () => {
    await waitFor(isTrading, 'a trade', 20_000)
    const lines = (await arb('trades', '--json')).output.lines.map(
      (line) => JSON.parse(line) as StatusSnapshot['recentTrades'][number],
    )
    expect(lines.length).toBeGreaterThan(0)
    for (const { attribution, difference } of lines) {
      expect(Object.keys(attribution)).toEqual(['latency', 'slippage', 'fees', 'rounding', 'partialFill', 'unwind'])
      const sum = Object.values(attribution).reduce((total, part) => total.plus(Decimal.parse(part)), Decimal.zero)
      expect(sum.toString()).toBe(difference)
    }
    expect((await arb('trades')).output.lines.join('\n')).toContain('against expectation')
  }, 60_000)
})

describe('an engine whose rules are broken', () => {
  afterEach(stopEngine)

  it('halts by its own rules: a daily loss until an operator resumes, a stale feed until it is back', async () => {
    const dislocations = { slotMs: 1_000, probability: 1, minBps: 12, maxBps: 14 }
    // Told that there are no fees, the engine takes what the fees then turn into losses.
    const risk = { maxDailyLoss: '0.01', maxFeedSilenceMs: 1_000 }
    await startEngine({ market: { kind: 'synthetic', dislocations } }, { risk }, { takerBps: 0, makerBps: 0 })
    await waitFor(() => isHaltedBy('daily_loss'), 'a loss', 40_000)
    expect((await arb('status')).output.lines.join('\n')).toContain('realised today')
    await arb('resume', 'daily_loss')
    const mexc = venues.hosts.get('mexc')!
    const fault = mexc.faults.add({ kind: 'stall', scope: 'public' })
    await waitFor(() => isHaltedBy('stale_feed'), 'the silence to be noticed')
    expect((await arb('resume', 'stale_feed')).output.notes.join('\n')).toContain('ends by itself')
    mexc.faults.remove(fault)
    await waitFor(async () => !(await isHaltedBy('stale_feed')), 'the feed to be back', 20_000)
  }, 90_000)
})
