import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '@cex-arbitrage/common/testing'
import type { GroundTruth } from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StatusSnapshot } from '../status/status-snapshot.js'
import { CommandLine } from '../testing/command-line.js'
import { LocalVenues } from '../testing/local-venues.js'

let folder = ''
let venues: LocalVenues
let engine: CommandLine
let ended: Promise<unknown>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-quotes-'))
  venues = await LocalVenues.start()
})
afterEach(async () => {
  engine.stop()
  await ended
  await venues.close()
  await rm(folder, { recursive: true })
})

async function startEngine(makerExchange: string, hedgeExchange: string): Promise<void> {
  const strategy = { type: 'cross-exchange-market-making', makerExchange, hedgeExchange, coolDownMs: 0, spreadBps: 1 }
  const { env, overrides } = venues.sources({
    mode: 'live',
    instruments: ['BTC/USDT', 'ETH/USDT'],
    strategies: [{ ...strategy, minNetEdgeBps: 1, edgeMarginBps: 0, edgeMarginBpsPerSecond: 0 }],
    server: { port: 0, controlFile: join(folder, 'control.json') },
    journal: { folder: join(folder, 'journal') },
    database: { enabled: false },
  })
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(overrides))
  engine = new CommandLine(env)
  ended = engine.run('run', '--arm', '--config', join(folder, 'config.yaml'))
  await waitFor(() => engine.output.lines.some((line) => line.startsWith('Connected')), 'the engine', 20_000)
}

async function arb(...args: readonly string[]): Promise<readonly string[]> {
  const line = await new CommandLine().run(...args, '--set', `server.controlFile=${join(folder, 'control.json')}`)
  return line.output.lines
}

const status = async (): Promise<StatusSnapshot> => JSON.parse((await arb('status', '--json'))[0]!) as StatusSnapshot

const ordersOn = (exchange: string): GroundTruth['orders'] =>
  venues.hosts
    .get(exchange)!
    .truth()
    .orders.filter(({ accountId }) => accountId === 'trader')

const resting = (): number =>
  ['mexc', 'gateio'].reduce(
    (sum, name) =>
      sum + ordersOn(name).filter(({ status }) => status === 'open' || status === 'partially_filled').length,
    0,
  )

describe('market making across two exchanges', () => {
  it.each([
    ['mexc', 'gateio'],
    ['gateio', 'mexc'],
  ])(
    'quotes on %s and hedges on %s until a halt takes every quote off the book',
    async (maker, hedge) => {
      await startEngine(maker, hedge)
      const isHedged = async (): Promise<boolean> =>
        (await status()).recentTrades.some(({ end }) => end === 'completed' || end === 'hedged')
      await waitFor(isHedged, 'a quote that was filled and hedged', 60_000)
      expect(ordersOn(maker).some(({ postOnly, filledQuantity }) => postOnly && Number(filledQuantity) > 0)).toBe(true)
      expect(ordersOn(hedge).every(({ postOnly }) => !postOnly)).toBe(true)
      await waitFor(() => resting() > 0, 'quotes')
      await arb('halt')
      await waitFor(() => resting() === 0, 'empty books')
      engine.stop()
      await ended
      expect(resting()).toBe(0)
      expect(engine.exitCode).toBe(0)
    },
    90_000,
  )
})
