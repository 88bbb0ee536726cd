import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, systemClock, systemRandom } from '@cex-arbitrage/common'
import { waitFor } from '@cex-arbitrage/common/testing'
import { loadConfig } from '@cex-arbitrage/config'
import type { FaultRule } from '@cex-arbitrage/simulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalVenues } from '../testing/local-venues.js'
import { EngineHost } from './engine-host.js'

const faults: readonly FaultRule[] = [
  { kind: 'late_refusal', probability: 0.1 },
  { kind: 'lost_acknowledgement', route: 'POST *', probability: 0.1 },
  { kind: 'drop', scope: 'private', probability: 0.05 },
]

/** Openings of the basis one after the other, opposite ways in turn. */
const basis = { slotMs: 3_000, probability: 1, minBps: 85, maxBps: 90, minDurationMs: 2_500, maxDurationMs: 2_900 }

let folder = ''
let venues: LocalVenues
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cex-arbitrage-basis-'))
  venues = await LocalVenues.start(5, {
    faults,
    market: { kind: 'synthetic' },
    perpetuals: { basis, fundingIntervalMs: 2_000 },
  })
})
afterEach(async () => {
  await venues.close()
  await rm(folder, { recursive: true })
})

function createHost(): EngineHost {
  const { env, overrides } = venues.sources({
    mode: 'live',
    instruments: ['BTC/USDT', 'ETH/USDT'],
    strategies: [{ type: 'spot-futures', minFundingBpsPerDay: -1000, maxPositionNotional: 300 }],
    execution: { absentAfterMs: 1_500, reconcileIntervalMs: 200 },
    risk: { maxConsecutiveFailures: 100, maxDailyLoss: 1_000 },
    journal: { folder: join(folder, 'journal') },
    database: { enabled: false },
  })
  const exchanges = overrides['exchanges'] as Readonly<Record<'mexc' | 'gateio', object>>
  const config = loadConfig({
    env,
    arm: true,
    overrides: {
      ...overrides,
      exchanges: {
        mexc: { ...exchanges.mexc, enabled: false },
        gateio: { ...exchanges.gateio, marketTypes: ['spot', 'futures'] },
      },
    },
  })
  return new EngineHost({ config, clock: systemClock, random: systemRandom, logger: silentLogger })
}

/** What the exchange has of each contract, in contracts; those that are flat left out. */
const heldThere = (): Record<string, string> =>
  Object.fromEntries(
    venues.hosts
      .get('gateio')!
      .truth()
      .perpetuals!.positions.flatMap(({ accountId, symbol, contracts }) =>
        accountId !== 'trader' || contracts === 0 ? [] : [[symbol.split(':')[0]!, String(contracts)] as const],
      ),
  )

describe('The engine with spot and contracts of exchanges that misbehave', () => {
  it('opens and closes positions, finds them again after a restart, and knows what the exchange holds', async () => {
    const first = createHost()
    await first.start()
    const completed = (): number => first.status().trades.byEnd['completed'] ?? 0
    await waitFor(() => completed() >= 2 && first.status().positions.length > 0, 'a position', 40_000)
    const firstProof = await first.stop()
    const names = (proof: typeof firstProof): Record<string, string> =>
      Object.fromEntries(
        proof.exchanges.flatMap(({ positions }) =>
          positions.map(({ instrument, contracts }) => [instrument.symbol, contracts.toString()] as const),
        ),
      )
    for (const exchange of firstProof.exchanges) expect(exchange).toMatchObject({ openOrders: 0, mismatches: [] })
    expect(names(firstProof)).toEqual(heldThere())
    const second = createHost()
    await second.start()
    expect(second.status().halts).toEqual([])
    const ended = second.status().recentTrades.length
    await waitFor(() => second.status().recentTrades.length > ended, 'another trade', 20_000)
    for (const { faults: injected } of venues.hosts.values()) injected.clear()
    const proof = await second.stop()
    for (const exchange of proof.exchanges) expect(exchange).toMatchObject({ openOrders: 0, mismatches: [] })
    expect(names(proof)).toEqual(heldThere())
  }, 90_000)
})
